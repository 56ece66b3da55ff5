import type { Route53Api } from "../../../aws/api.js";
import type { Clock } from "../../../model/clock.js";
import type { RecordSet } from "../../../model/traffic.js";
import type { TrafficTarget } from "../target.js";
import { changesBetween } from "./changes.js";
import { describeMark, isMark } from "./mark.js";
import { describeSet, nameOf, type RecordName, sameSets, setsOf } from "./record-sets.js";

/** The names of one zone that move in one batch. Its state is all their record sets. */
export interface ZoneBatch {
  key: string;
  zoneId: string;
  names: readonly RecordName[];
  mark?: RecordSet | undefined;
}

/** Route 53: a change is usually on all of its name servers within 60 s. */
const usualPropagationMs = 60_000;

export function zoneBatch(
  { key, zoneId, names, mark }: ZoneBatch,
  { route53, clock }: { route53: Route53Api; clock: Clock },
): TrafficTarget<RecordSet[]> {
  const all = mark ? [...names, nameOf(mark)] : names;
  const listed = all.map(({ name }) => name);
  const observe = async () => setsOf(await route53.recordSets(zoneId, listed), all);
  return {
    key,
    observe,
    // A mark decides nothing: whoever took it away changed no traffic.
    same: (live, wanted) => sameSets(live, live.some(isMark) ? wanted : wanted.filter((set) => !isMark(set))),
    describe: (sets) => sets.map((set) => (isMark(set) ? describeMark(set) : describeSet(set))),
    move: (from, to, comment) => route53.change(zoneId, changesBetween(from, to), comment),
    async settle(to, changeId, signal) {
      if (changeId) {
        // Route 53 itself says that the whole batch is everywhere. What others do after it, the next look finds.
        await route53.waitInSync(changeId, signal);
        return to;
      }
      await clock.sleep(usualPropagationMs, signal);
      return observe();
    },
  };
}
