import { z } from "zod";

/** Where it leads, as far as anybody said. */
export type Side = z.infer<typeof side>;
const side = z.enum(["blue", "green"]);

export type RecordedManual = z.infer<typeof recordedManual>;

export const recordedManual = z.object({
  kind: z.literal("manual"),
  key: z.string(),
  name: z.string(),
  green: z.string(),
  blue: z.string(),
  before: z.literal("blue"),
});
