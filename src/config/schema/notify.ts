import { z } from "zod";
import { noticeKinds, placeholders, unknownPlaceholder } from "../../model/notice.js";
import { duration, unique } from "../rules.js";
import { text, textLike } from "./values.js";

/** What must not stand in this file: it is read from elsewhere, and never shown. */
const secret = (what: string) =>
  z
    .union([
      z.strictObject({
        env: z
          .string()
          .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable: write for example "TEAM_WEBHOOK"')
          .meta({ description: "Environment variable that holds it.", examples: ["TEAM_WEBHOOK"] }),
      }),
      z.strictObject({ file: textLike("File that holds it, relative to this file.", "secrets/webhook") }),
    ])
    .meta({ description: `${what} It never stands in this file, and is never shown.` });

const template = text.superRefine((value, context) => {
  const unknown = unknownPlaceholder(value);
  if (unknown === undefined) return;
  const message = `has {${unknown}}, which stands for nothing; there are ${Object.keys(placeholders).join(", ")}, and {{ for a brace`;
  context.addIssue({ code: "custom", message });
});

const everySink = {
  name: textLike("Unique among the sinks: what warnings call it.", "team channel"),
  events: z
    .array(z.enum(noticeKinds))
    .min(1)
    .default([...noticeKinds])
    .meta({ description: "What it is told. Default: everything.", examples: [["start", "done", "rolled-back"]] }),
};

const url = secret("The webhook's address.");

const sink = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("slack"), ...everySink, url }),
  z.strictObject({
    kind: z.literal("webhook"),
    ...everySink,
    url,
    secret: secret("Key of the signature (HMAC-SHA256) that each request then carries.").optional(),
  }),
  z.strictObject({
    kind: z.literal("file"),
    ...everySink,
    path: textLike("File that gets a JSON line for each notice, relative to this file.", "notices.jsonl"),
  }),
]);

export const notify = z
  .strictObject({
    contact: text
      .default("whoever sent you this notice")
      .meta({ description: "Whom to ask, in a notice's words.", examples: ["#platform, +49 30 901820"] }),
    affected: text.optional().meta({
      description: "Who may notice something. Default: who uses the names and addresses that move.",
      examples: ["everybody who uses the shop"],
    }),
    effect: text
      .default("no interruption is expected; connections that are open stay where they are until they end")
      .meta({ description: "What they may notice." }),
    timeZone: z
      .string()
      .refine(isTimeZone, 'is no time zone: write for example "Europe/Berlin"')
      .optional()
      .meta({
        description: "Time zone of the times in notices. Default: the window's, or UTC.",
        examples: ["Europe/Berlin"],
      }),
    timeout: duration("100ms", "30s")
      .default("5s")
      .meta({ description: "How long a webhook may take to answer. A cutover never waits for it." }),
    sinks: z
      .array(sink)
      .default([])
      .superRefine(unique(({ name }) => [name]))
      .meta({ description: "Who is told of a cutover, a rollback and a teardown while they go on." }),
    templates: z
      .partialRecord(
        z.enum(noticeKinds),
        z.strictObject({
          title: template.optional().meta({ description: "The notice's first line." }),
          text: template.optional().meta({ description: "Its other lines." }),
        }),
      )
      .default({})
      .meta({
        description: "Notices in words of your own; {window}, {contact} and others are filled in.",
        examples: [{ done: { title: "{environment} has moved" } }],
      }),
  })
  .prefault({});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
