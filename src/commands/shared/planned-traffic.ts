import { longestMs } from "../../analysis/longest.js";
import type { Config } from "../../config/schema.js";
import { loadBalancerKey } from "../../model/load-balancer.js";
import type { Topology } from "../../model/plan.js";
import type { Scale } from "../../plan/budget.js";
import { describeActions, groupName } from "../../traffic/targets/load-balancer/actions.js";
import { liveActions } from "../../traffic/targets/load-balancer/listener.js";
import { placeOf } from "../../traffic/targets/load-balancer/resolve.js";
import { answerTtl } from "../../traffic/targets/route53/answer-ttl.js";
import { setsOf } from "../../traffic/targets/route53/record-sets.js";
import { requireShare } from "../../traffic/targets/route53/zone-share.js";
import type { Context } from "./command.js";
import { type LookedAtZones, lookAtZones } from "./planned-zones.js";
import { milliseconds, type Project } from "./project.js";
import { awsOf } from "./targets.js";

export interface DescribedTarget {
  kind: "record" | "load-balancer" | "address" | "by hand";
  target: string;
  from: string;
  to: string;
  ttl: number;
}

/** What moves, as it is now: read from AWS, so that a name that isn't there is found before anything starts. */
export async function describeTargets(
  project: Project,
  topology: Topology,
  context: Context,
): Promise<{ targets: DescribedTarget[]; dns?: LookedAtZones }> {
  const { route53, loadBalancers, elasticIps, manual } = project.config.traffic;
  if (route53.length + loadBalancers.length + elasticIps.length + manual.length === 0) return { targets: [] };
  const aws = await awsOf(project, context);
  try {
    const targets: DescribedTarget[] = [];
    const dns = await lookAtZones(route53, aws.route53);
    requireShare(dns.parts, project.config.traffic.zoneShare);
    for (const { zoneId, name, type, record } of dns.names) {
      const zone = dns.zones.get(zoneId) ?? [];
      const live = setsOf(zone, [{ name, type }]);
      targets.push({
        kind: "record",
        target: `${name} ${type}`,
        from: live
          .flatMap((set) => set.ResourceRecords?.map(({ Value }) => Value) ?? [set.AliasTarget?.DNSName ?? ""])
          .join(", "),
        to: describeGreen(record.green),
        ttl: Math.max(...live.map((set) => answerTtl(set, zoneId, zone))),
      });
    }
    for (const { listener, rule, green } of loadBalancers) {
      const place = await placeOf(listener, rule, aws.elbv2);
      targets.push({
        kind: "load-balancer",
        target: loadBalancerKey(place).replace("load-balancer:", ""),
        from: describeActions(await liveActions(place, aws.elbv2)),
        to: "targetGroup" in green ? groupName(green.targetGroup) : `green's output "${green.address}"`,
        ttl: 0,
      });
    }
    for (const { group, otherZones } of elasticIps) {
      const nodes = topology.groups.find(({ name }) => name === group);
      for (const [zone, count] of Object.entries(nodes?.zones ?? {})) {
        targets.push({
          kind: "address",
          target: `Elastic IPs of ${group} in ${zone}`,
          from: `${count} instance(s) of blue`,
          to: `green's instances of ${group} in ${zone}${otherZones ? ", or in other zones where those are too few" : ""}`,
          ttl: 0,
        });
      }
    }
    for (const { name, green, blue } of manual) {
      targets.push({
        kind: "by hand",
        target: `${name} (by hand)`,
        from: `to take it back: ${blue}`,
        to: green,
        ttl: 0,
      });
    }
    return { targets, ...(dns.names.length > 0 && { dns }) };
  } finally {
    aws.close();
  }
}

export function scaleOf(
  project: Project,
  objects: number,
  targets: readonly DescribedTarget[],
): Omit<Scale, "volumes" | "volumeSeconds"> {
  const { config } = project;
  const records = targets.filter(({ kind }) => kind === "record");
  return {
    objects,
    steps: targets.some(({ kind }) => kind === "record" || kind === "load-balancer") ? config.traffic.steps.length : 0,
    hold: milliseconds(config.traffic.hold),
    ttl: Math.max(0, ...records.map(({ ttl }) => ttl)),
    records: records.length,
    addresses: targets.filter(({ kind }) => kind === "address").length,
    loadBalancers: targets.filter(({ kind }) => kind === "load-balancer").length,
    longestCheck: longestCheckMs(project),
    inconclusiveFor: milliseconds(config.traffic.inconclusiveFor),
    smokeTimeout: milliseconds(config.smoke.timeout),
    checks: config.smoke.checks.length,
    readyTimeout: milliseconds(config.green.readyTimeout),
    soak: milliseconds(config.soak),
  };
}

function longestCheckMs({ config: { smoke, traffic } }: Project): number {
  const own = smoke.checks.flatMap((check) => ("timeout" in check ? [milliseconds(check.timeout)] : []));
  return Math.max(longestMs(traffic.analysis), ...own);
}

type Green = Config["traffic"]["route53"][number]["records"][number]["green"];

function describeGreen(green: Green): string {
  const output = (address: string) => `green's address "${address}"`;
  if ("values" in green) return green.values.join(", ");
  if ("address" in green) return output(green.address);
  return `alias of ${green.alias.name ?? output(green.alias.address ?? "")}`;
}
