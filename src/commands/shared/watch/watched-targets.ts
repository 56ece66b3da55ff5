import type { AwsApi } from "../../../aws/api.js";
import { messageOf } from "../../../model/errors.js";
import type { JournalEntry } from "../../../model/journal.js";
import { loadBalancerKey } from "../../../model/load-balancer.js";
import { lastShift } from "../../../traffic/history.js";
import type { RecordedTarget } from "../../../traffic/targets/index.js";
import { liveActions } from "../../../traffic/targets/load-balancer/listener.js";
import { loadBalancerTargets, placeOf } from "../../../traffic/targets/load-balancer/resolve.js";
import { setsOf } from "../../../traffic/targets/route53/record-sets.js";
import { dnsTargets, recordNames } from "../../../traffic/targets/route53/resolve.js";
import type { Project } from "../project.js";
import type { NewestRecord } from "./newest-record.js";

/** What is watched, and of what nothing can be seen yet. */
export interface WatchedTargets {
  targets: RecordedTarget[];
  unseen: string[];
}

/** The targets of the latest shift; undefined where none was begun. */
export function targetsOfShift(entries: readonly JournalEntry[]): WatchedTargets | undefined {
  const shift = lastShift(entries);
  return shift && { targets: shift.targets, unseen: [] };
}

/**
 * What a cutover would move, as far as the configuration and AWS tell: before the first one nothing is recorded, and what is there now is
 * blue's. Elastic IPs are found by blue's nodes, which only the cutover asks.
 */
export async function targetsToCome(
  { config }: Project,
  record: NewestRecord | undefined,
  aws: AwsApi,
): Promise<WatchedTargets> {
  const { route53, loadBalancers, elasticIps, manual } = config.traffic;
  const outputs = record?.green?.addresses ?? {};
  const targets: RecordedTarget[] = [];
  const unseen = elasticIps.map(({ group }) => `Elastic IPs of ${group}: shown once a cutover has recorded them`);
  const known = await dnsTargets(route53, outputs, aws.route53).catch(async () => {
    // Green's answers may be outputs that nobody knows yet.
    const names = await recordNames(route53, aws.route53);
    return names.map(({ zoneId, name, type }) => ({ zoneId, name, type, green: [] }));
  });
  for (const zoneId of new Set(known.map((name) => name.zoneId))) {
    const names = known
      .filter((name) => name.zoneId === zoneId)
      .map(({ name, type, green }) => ({ name, type, green: green as string[] }));
    const sets = await aws.route53.recordSets(
      zoneId,
      names.map(({ name }) => name),
    );
    targets.push({ kind: "route53", key: `route53:${zoneId}`, zoneId, names, before: setsOf(sets, names) });
  }
  for (const wanted of loadBalancers) {
    try {
      const place = await placeOf(wanted.listener, wanted.rule, aws.elbv2);
      const before = await liveActions(place, aws.elbv2);
      const [found] = await loadBalancerTargets([wanted], outputs, aws.elbv2).catch(() => []);
      const greenTargetGroup = found?.greenTargetGroup ?? "";
      targets.push({ kind: "load-balancer", key: loadBalancerKey(place), ...place, greenTargetGroup, before });
    } catch (error) {
      unseen.push(`load balancer: ${messageOf(error)}`);
    }
  }
  for (const task of manual) targets.push({ ...task, kind: "manual", key: `manual:${task.name}`, before: "blue" });
  return { targets, unseen };
}
