import { type CloudLook, dataKinds, type JudgedResource } from "../../../model/cloud.js";
import { UserError } from "../../../model/errors.js";
import type { JournalEntry } from "../../../model/journal.js";

/**
 * The orphans that somebody asked to remove: by their ids, or `all`, which never means what holds data. What an earlier attempt has
 * begun to remove, and isn't found any more, is as it should be: that attempt may have been killed before it could say so.
 *
 * @throws UserError `orphans-left` where an id is of something that stays, or that isn't blue's: then nothing is removed
 */
export function chooseOrphans(
  asked: readonly string[],
  { resources }: CloudLook,
  journal: readonly JournalEntry[],
): JudgedResource[] {
  const orphans = resources.filter(({ kept }) => kept === undefined);
  const begun = new Set(journal.flatMap((entry) => (entry.type === "intent" ? [entry.step] : [])));
  const wasBegun = (id: string): boolean =>
    [...begun].some((step) => step.startsWith("sweep/") && step.endsWith(`/${id}`));
  const wrong = asked.flatMap((id) => {
    if (id === "all" || orphans.some((each) => each.id === id)) return [];
    const its = resources.find((each) => each.id === id);
    if (!its && wasBegun(id)) return [];
    return [its ? `${its.kind} ${id}: ${its.kept}` : `${id}: it isn't among what blue left`];
  });
  if (wrong.length > 0) {
    throw new UserError({
      code: "orphans-left",
      what: ["Nothing was removed. These can't be:", ...wrong.map((line) => `  ${line}`)].join("\n"),
      fix: "clustershift teardown --sweep lists what can be removed, and by which ids.",
    });
  }
  return orphans.filter(({ id, kind }) => asked.includes(id) || (asked.includes("all") && !dataKinds.has(kind)));
}
