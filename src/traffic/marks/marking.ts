import { z } from "zod";
import { sha256 } from "../../model/canonical.js";

/** What a shift writes on what it moves, so that it can be taken back where no record of it is left. */
export const marking = z.object({
  run: z.string(),
  /** Eight hex digits of blue's name: two environments may share a zone. */
  owner: z.string(),
});
export type Marking = z.infer<typeof marking>;

export function markingOf(run: string, blue: string): Marking {
  return { run, owner: sha256(blue).slice(0, 8) };
}

/** The key of the tag on addresses, listeners and rules. */
export function tagKey({ owner }: Pick<Marking, "owner">): string {
  return `clustershift:before:${owner}`;
}
