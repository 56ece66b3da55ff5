import type { Config } from "../../../../config/schema.js";
import type { Pair } from "./pair.js";
import type { Revision } from "./revision.js";

/** Times that are over are no announcement; what comes every week, or is still to come, is. */
export function reviseWindow(revision: Revision, { window }: Config, { now }: Pick<Pair, "now">): void {
  if (!window) return;
  const isOver = (time: string): boolean => Date.parse(time) <= now.getTime();
  const past = window.freezes.map(({ to }, index) => ({ to, index })).filter(({ to }) => isOver(to));
  for (const { index, to } of past.reverse())
    revision.takeOut(["window", "freezes", index], `the freeze ended at ${to}.`);
  const { opens, closes } = window;
  if (opens !== undefined && closes !== undefined && isOver(closes)) {
    revision.drop(["window", "opens"]);
    revision.drop(["window", "closes"]);
    revision.account.chosen.push(`The window from ${opens} to ${closes} is taken out: it is over.`);
    if (window.weekly.length === 0)
      revision.account.unknown.push(
        "When traffic may move: without a window it may at any time. Announce one: window.",
      );
  }
}
