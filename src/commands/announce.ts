import { UserError } from "../model/errors.js";
import type { noticeKinds } from "../model/notice.js";
import { noticeMarkdown, noticeText } from "../notify/notice.js";
import { Outbox } from "../notify/outbox.js";
import { type Command, dryRunOption } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { describeUndelivered, noticeOf, openSinkOf } from "./shared/notify.js";
import { openProject } from "./shared/project.js";
import { clockOf } from "./shared/targets.js";

/** What is announced by hand: the others tell of a single step, and only its journal knows which. */
const kinds = [
  "announce",
  "reminder",
  "start",
  "done",
  "rolled-back",
] as const satisfies (typeof noticeKinds)[number][];

/** Milliseconds: somebody waits at the terminal, and five tries with their pauses fit. */
const patience = 60_000;

export const announceCommand: Command = {
  name: "announce",
  summary: "Write the maintenance notice of a plan, and send it.",
  description:
    "Writes the notice from the plan's window, environment, targets and budgets: what, when, who is affected, what to expect, what happens if it fails, whom to ask. The words can be changed under notify.templates. With --send it goes to every sink of notify.sinks that wants this kind; cutover, rollback and teardown tell the others by themselves.",
  options: {
    kind: { choices: kinds, default: "announce", describe: "Which notice." },
    format: { choices: ["text", "markdown"] as const, default: "text", describe: "How it is printed." },
    send: { type: "boolean", default: false, describe: "Send it to the configured sinks too." },
    ...dryRunOption,
  },
  examples: [
    { command: "clustershift announce", what: "to read it, or to mail it" },
    { command: "clustershift announce --kind reminder --send", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const plan = await run.read("plan.json");
    if (!plan) {
      throw new UserError({
        code: "no-plan",
        what: `Run ${run.id} has no plan, so there is nothing to announce.`,
        fix: "clustershift plan",
      });
    }
    const kind = kinds.find((each) => each === args.kind) ?? "announce";
    const notice = noticeOf(project, run, plan, kind, { at: context.edges.now().getTime() });
    const words = args.format === "markdown" ? noticeMarkdown(notice) : noticeText(notice);
    const told = project.config.notify.sinks.filter(({ events }) => events.includes(kind));
    const names = told.map(({ name }) => name);
    if (!args.send) return { code: "ok", json: { notice, sent: [] }, text: words };
    if (told.length === 0) {
      throw new UserError({
        code: "config-invalid",
        what: `${project.file}: no sink of notify.sinks is told "${kind}".`,
        fix: "Name one there, or send the notice yourself: the same command without --send prints it.",
      });
    }
    if (args.dryRun) {
      const text = `${words}\n\nWould be sent to: ${names.join(", ")}`;
      return { code: "ok", json: { dryRun: true, notice, wouldSendTo: names }, text };
    }
    const sinks = await Promise.all(told.map((config) => openSinkOf(project, context, config)));
    const outbox = new Outbox(sinks, {
      clock: clockOf(context),
      random: context.edges.random,
      onTrouble: ({ name }, why) => context.progress.warn(`"${name}" can't be told: ${why}`),
    });
    outbox.send(notice);
    const failed = await outbox.drain(patience);
    const missed = new Set(failed.map(({ sink }) => sink));
    const sent = names.filter((name) => !missed.has(name));
    return {
      code: failed.length > 0 ? "effect-failed" : "ok",
      json: { notice, sent, failed: failed.map(({ sink, why }) => ({ sink, why })) },
      text: [
        words,
        "",
        ...(sent.length > 0 ? [`Sent to: ${sent.join(", ")}`] : []),
        ...failed.map(describeUndelivered),
      ].join("\n"),
    };
  },
};
