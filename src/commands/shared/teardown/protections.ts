import type { Config } from "../../../config/schema.js";
import { aliasOf } from "../../../model/cloud.js";
import type { JournalEntry } from "../../../model/journal.js";
import type { GreenRecord } from "../../../model/run.js";
import { mentionsOf } from "../../../sweep/mentions.js";
import { lastShift } from "../../../traffic/history.js";
import { boundNow } from "../../../volumes/history.js";

/** What the configuration and the run itself say must stay: traffic targets, green's addresses and settings, blue.teardown.keep. */
export function configuredNeeds(
  { blue, green, traffic }: Config,
  record: GreenRecord | undefined,
  journal: readonly JournalEntry[],
): Map<string, string> {
  const needed = new Map<string, string>();
  const need = (ids: readonly string[], why: string): void => {
    for (const each of ids) needed.set(aliasOf(each), why);
  };
  need(mentionsOf(green.stack), "green's settings in clustershift.yaml name it");
  need([...mentionsOf(record?.addresses), ...Object.values(record?.addresses ?? {})], "it's an address of green");
  // As it was before the shift it may have been blue's.
  const moved = (lastShift(journal)?.targets ?? []).map(({ key, kind, ...target }) => ({
    ...target,
    before: undefined,
  }));
  need(mentionsOf(moved), "this run has moved it to green");
  const handedOver = boundNow(journal).filter(({ strategy }) => strategy === "hand-over");
  need(
    handedOver.map(({ handle }) => handle),
    "this run has handed it over to green",
  );
  need([...mentionsOf(traffic), ...namesOf(traffic)], "traffic in clustershift.yaml names it");
  need(blue.teardown?.keep ?? [], "blue.teardown.keep names it");
  return needed;
}

/** Names that stand for resources: records, load balancers, target groups. */
function namesOf({ route53, loadBalancers }: Config["traffic"]): string[] {
  const records = route53.flatMap(({ records: its }) => its.map(({ name, type }) => `${aliasOf(name)}. ${type}`));
  const balancers = loadBalancers.flatMap(({ listener, green }) => [
    ...(typeof listener === "string" ? [] : [listener.loadBalancer]),
    ...("targetGroup" in green ? [green.targetGroup] : []),
  ]);
  return [...records, ...balancers];
}
