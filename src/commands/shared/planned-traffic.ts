import { longestMs } from "../../analysis/longest.js";
import type { Config } from "../../config/schema.js";
import { UserError } from "../../model/errors.js";
import { loadBalancerKey } from "../../model/load-balancer.js";
import type { Topology } from "../../model/plan.js";
import type { Scale } from "../../plan/budget.js";
import { describeActions, groupName } from "../../traffic/targets/load-balancer/actions.js";
import { liveActions } from "../../traffic/targets/load-balancer/listener.js";
import { placeOf } from "../../traffic/targets/load-balancer/resolve.js";
import { countNames, requireShare, type ZonePart } from "../../traffic/targets/route53/zone-share.js";
import type { Context } from "./command.js";
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
): Promise<DescribedTarget[]> {
  const { route53, loadBalancers, elasticIps, manual } = project.config.traffic;
  if (route53.length + loadBalancers.length + elasticIps.length + manual.length === 0) return [];
  const aws = await awsOf(project, context);
  try {
    const targets: DescribedTarget[] = [];
    const parts: ZonePart[] = [];
    for (const { zone, records, ...which } of route53) {
      const { id } = await aws.route53.findZone(zone, which);
      const sets = await aws.route53.recordSets(id);
      parts.push({ zoneId: id, names: records, zoneNames: countNames(sets) });
      for (const record of records) {
        const name = `${record.name.replace(/\.$/, "")}.`;
        const live = sets.filter((set) => set.Name === name && set.Type === record.type);
        if (live.length === 0) {
          throw new UserError({
            code: "config-invalid",
            what: `${project.file}: traffic.route53: ${name} ${record.type} doesn't exist in zone ${zone}.`,
            fix: "Mend the name or type; a cutover moves records that are there.",
          });
        }
        targets.push({
          kind: "record",
          target: `${name} ${record.type}`,
          from: live
            .flatMap((set) => set.ResourceRecords?.map(({ Value }) => Value) ?? [set.AliasTarget?.DNSName ?? ""])
            .join(", "),
          to: describeGreen(record.green),
          ttl: Math.max(...live.map((set) => set.TTL ?? 60)),
        });
      }
    }
    requireShare(parts, project.config.traffic.zoneShare);
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
    return targets;
  } finally {
    aws.close();
  }
}

export function scaleOf(project: Project, objects: number, targets: readonly DescribedTarget[]): Scale {
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
