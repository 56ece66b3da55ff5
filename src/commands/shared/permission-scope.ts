import type { Policy } from "../../aws/permissions/policy.js";
import type { BalancerScope, RecordScope, Scope } from "../../aws/permissions/scope.js";
import type { Config } from "../../config/schema.js";
import { registryNames } from "../../traffic/external-dns/registry.js";
import { markingOf, tagKey } from "../../traffic/marks/marking.js";
import { markPattern } from "../../traffic/targets/route53/mark.js";

/** What a configuration says of where permissions are needed; nothing is asked of AWS. */
export function scopeOf(config: Config): Scope {
  const { aws, blue, green, traffic, record } = config;
  const settings = green.stack.kind === "eks" ? green.stack.settings : {};
  const marking = markingOf("", blue.name);
  const marks = traffic.marks === "leave";
  return {
    region: aws?.region,
    account: textOf(settings.account),
    blue: blue.name,
    green: green.name,
    foundation: foundationOf(settings.foundation),
    blueIsStack: blue.stack !== undefined,
    ...(marks && { markTag: tagKey(marking) }),
    ...(traffic.route53.length > 0 && {
      records: recordsOf(traffic.route53, marks ? markPattern(marking) : undefined),
    }),
    ...(traffic.loadBalancers.length > 0 && { balancers: balancersOf(traffic.loadBalancers) }),
    addresses: traffic.elasticIps.length > 0,
    metrics: [...traffic.analysis, ...traffic.leftover.sources].some(({ kind }) => kind === "cloudwatch"),
    volumes: movesVolumes(config),
    bucket: record.bucket === undefined ? undefined : { name: record.bucket, prefix: `${record.prefix}/${blue.name}` },
    admittedBy: listOf(settings.admittedBy, "securityGroupId"),
    policyArns: listOf(settings.identities, "policyArns"),
  };
}

/** Whether any may be: what mounts them must be exclusive, or a rule must say so. */
function movesVolumes({ volumes, workloads }: Config): boolean {
  const strategies = [volumes.default, ...volumes.rules.map(({ strategy }) => strategy)];
  return workloads.exclusive.rules.length > 0 || strategies.some((each) => each === "copy" || each === "hand-over");
}

/** What a policy leaves open because nothing says it, in whole sentences. */
export function openNotes(policies: readonly Policy[], scope: Scope | undefined): string[] {
  const text = JSON.stringify(policies);
  const open: string[] = [];
  if (!scope) open.push("There is no clustershift.yaml here: `*` stands for every name, and NAME for a cluster's.");
  else {
    if (text.includes("hostedzone/*") && scope.records && !scope.records.zoneIds)
      open.push(
        "A zone is only known by its name: records are told by theirs, in any zone. traffic.route53[].zone takes an id.",
      );
    if (/:\*:[a-z]/.test(text) && scope.account === undefined)
      open.push("The account isn't known: `*` stands for it. green.stack.settings.account says it.");
    if (text.includes("clustershift:foundation") && scope.foundation === undefined)
      open.push("The foundation's name isn't known: `*` stands for it. green.stack.settings.foundation says it.");
    if (scope.records && text.includes(JSON.stringify(scope.records.wide).slice(1, -1)))
      open.push("The names that move are too many for a policy: it has their zones instead.");
  }
  if (policies.length === 0) open.push("Nothing is configured for which this phase would ask AWS: it needs no policy.");
  if (policies.length > 1)
    open.push(
      `These are ${policies.length} documents, since IAM takes 6144 characters in one: all of them are needed.`,
    );
  return open;
}

type Traffic = Config["traffic"];

/** As IAM compares them: small letters, no final dot, and what isn't a letter, digit, - or _ in octal. */
function normalized(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, "")
    .replaceAll(/[^a-z0-9._-]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

function recordsOf(zones: Traffic["route53"], mark: string | undefined): RecordScope {
  const records = zones.flatMap((zone) => zone.records);
  const names = records.flatMap((each) => [each.name, ...registryNames(each)]).map(normalized);
  const ids = zones.map(({ zone }) => zone);
  const parents = records.map(({ name }) => normalized(name).split(".").slice(1).join("."));
  return {
    ...(ids.every((id) => !id.includes(".")) && { zoneIds: [...new Set(ids)] }),
    names: [...new Set([...names, ...(mark ? [mark] : [])])].sort(),
    wide: [...new Set(parents.flatMap((parent) => [parent, `*.${parent}`]))].sort(),
    types: [...new Set([...records.map(({ type }) => type), "TXT"])].sort(),
  };
}

function balancersOf(wanted: Traffic["loadBalancers"]): BalancerScope {
  const place = (kind: string, listener: Traffic["loadBalancers"][number]["listener"]) =>
    typeof listener === "string"
      ? listener.replace(":listener/", `:${kind}/`)
      : `arn:aws:elasticloadbalancing:*:*:${kind}/*/${listener.loadBalancer}/*`;
  const rules = wanted.flatMap(({ listener, rule }) =>
    rule === "default" ? [] : [typeof rule === "string" ? rule : `${place("listener-rule", listener)}/*`],
  );
  const listeners = wanted.filter(({ rule }) => rule === "default").map(({ listener }) => place("listener", listener));
  return { listeners: [...new Set(listeners)], rules: [...new Set(rules)] };
}

/** `organization/clustershift/prod-foundation` -> `prod`: what its stack calls its resources after. */
function foundationOf(foundation: unknown): string | undefined {
  return textOf(foundation)
    ?.split("/")
    .at(-1)
    ?.replace(/-foundation$/, "");
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A field of each entry of a setting that isn't checked here. */
function listOf(entries: unknown, field: string): string[] {
  const values = Array.isArray(entries) ? entries.flatMap((entry) => (entry as Record<string, unknown>)?.[field]) : [];
  return [...new Set(values.flat().filter((value) => typeof value === "string"))];
}
