import { CreateHostedZoneCommand, type Route53Client } from "@aws-sdk/client-route-53";
import type { AwsApi, Change } from "../../src/aws/api.js";
import { awsClients } from "../../src/aws/clients.js";
import { canonicalJson } from "../../src/model/canonical.js";
import type { Clock } from "../../src/model/clock.js";
import type { Journal, JournalEntry } from "../../src/model/journal.js";
import type { AddressTarget, Association, DnsTarget, RecordSet, Target } from "../../src/model/traffic.js";
import { emulatorClients } from "../../src/sandbox/aws/clients.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { launchGroup } from "../../src/sandbox/aws/instances.js";
import { seedProduction } from "../../src/sandbox/aws/seed.js";
import { markingOf, tagKey } from "../../src/traffic/marks/marking.js";
import { pairAddresses } from "../../src/traffic/targets/elastic-ip/resolve.js";
import { createWorldBalancer, type WorldBalancer } from "./balancer.js";

export const region = "eu-central-1";
const cluster = (colour: string) => `${colour}.acme.example`;

/** What a world has; every name and address of it is a target. */
export interface WorldSpec {
  /** By zone, the first one being production's, which has other people's records too: sets whose names are first labels. */
  zones: RecordSet[][];
  /** Names of the first zone that are weighted from the beginning, by somebody else. */
  foreign: string[];
  /** Weights of blue's target groups, three at most: of a listener's default action, then of its rules. None: no load balancer. */
  balancer: number[][];
  /** Elastic IPs, in turn in two availability zones. */
  addresses: number;
  /** Names of what a person moves. */
  manual?: string[];
}

const address = (value: string) => ({ TTL: 5, ResourceRecords: [{ Value: value }] });

/** Two simple names and a weighted one, a listener and its rule, and an Elastic IP in each of two zones. */
const usual: WorldSpec = {
  zones: [["app", "api"].map((Name) => ({ Name, Type: "A", ...address("192.0.2.1") }))],
  foreign: ["partner"],
  balancer: [[1], [3, 1]],
  addresses: 2,
};

/** One name, one listener and one address: for what is done many times. */
export const small: WorldSpec = {
  zones: [[{ Name: "app", Type: "A", ...address("192.0.2.1") }]],
  foreign: [],
  balancer: [[1]],
  addresses: 1,
};

/** One production in the emulator. */
export interface World {
  targets: Target[];
  /** Of its first zone. */
  zoneId: string;
  zoneIds: string[];
  /** Another one each time, as another process has it. `timeoutMs`: of each call, for where some are never answered. */
  aws(clock: Clock, timeoutMs?: number): AwsApi & { close(): void };
  /** Everything in each of the zones, in their order. */
  records(): Promise<RecordSet[][]>;
  /** Everything in the zones, what the listener does, and every address without its association id, as AWS lists them. */
  snapshot(): Promise<Snapshot>;
  /** Addresses, listeners and rules that carry the tag of a shift away from `blueName`. */
  marked(): Promise<string[]>;
  /** Makes everything as it was in the beginning, whatever it is now. */
  reset(): Promise<void>;
  /** Somebody else's change of a record. */
  edit(set: RecordSet): Promise<void>;
  /** Somebody else's change of an address. */
  steal(allocationId: string): Promise<void>;
  /** Effects that reached the emulator so far. */
  effects(): number;
}

export interface Snapshot {
  records: RecordSet[];
  rules: Awaited<ReturnType<WorldBalancer["rules"]>>;
  addresses: Association[];
}

/** Green's answers, by type. */
const greenValues: Record<string, string> = { A: "198.51.100.1", AAAA: "2001:db8::1", CNAME: "green.example." };

/** Whose shifts mark what they move in this world. */
export const blueName = cluster("blue");

export async function createWorld(front: AwsFront, name: string, spec: WorldSpec = usual): Promise<World> {
  const clients = emulatorClients(front.internalEndpoint, region);
  const availabilityZones = [`${region}a`, `${region}b`];
  const production = await seedProduction(clients, {
    zone: `${name}.`,
    hosts: [],
    edgeAddress: "192.0.2.1",
    ttl: 5,
    availabilityZones,
    cluster: cluster("blue"),
    colour: "blue",
    groups: [{ name: "syslog", count: spec.addresses }],
    addressGroup: "syslog",
  });
  const { subnets, hostedZoneId } = production;
  const launch = (colour: string, group: string, count: number) =>
    launchGroup(clients.ec2, { cluster: cluster(colour), colour, group, count, subnets });
  const launched = await launch("green", "syslog", spec.addresses);
  const [thief] = await launch("other", "other", 1);
  const node = ({ id, zone, group }: (typeof launched)[number]) => ({ node: id, group, zone, instanceId: id });
  const addresses: AddressTarget[] =
    spec.addresses === 0
      ? []
      : pairAddresses("syslog", production.addresses, production.instances.map(node), launched.map(node));

  const inside = awsClients({ region, endpoint: front.internalEndpoint }, { clock: instantClock() });
  const zoneIds: string[] = [];
  const dns: DnsTarget[] = [];
  for (const [index, labelled] of spec.zones.entries()) {
    const zone = index === 0 ? `${name}.` : `zone-${index}.${name}.`;
    const zoneId = index === 0 ? hostedZoneId : await createZone(clients.route53, zone);
    zoneIds.push(zoneId);
    const sets = labelled.map((set) => ({ ...set, Name: `${set.Name}.${zone}` }));
    if (sets.length > 0) await inside.route53.change(zoneId, upserts(sets), "the world's beginning");
    const foreign = index === 0 ? spec.foreign.map((label) => ({ Name: `${label}.${zone}`, Type: "A" })) : [];
    const names = new Map([...sets, ...foreign].map((set) => [`${set.Name} ${set.Type}`, set]));
    for (const { Name, Type } of names.values()) {
      const type = Type as DnsTarget["type"];
      dns.push({ kind: "route53", zoneId, name: Name, type, green: [greenValues[Type] ?? ""] });
    }
  }
  const place = { endpoint: front.internalEndpoint, region, vpcId: production.vpcId };
  const balancer = await createWorldBalancer(
    { ...place, subnets: subnets.map(({ subnetId }) => subnetId) },
    // AWS has 32 characters for the name of a target group, which is this after `blue-1-`.
    name.replaceAll(".", "-").slice(0, 24),
    spec.balancer,
    inside.elbv2,
  );

  const recordsOf = async (): Promise<RecordSet[][]> => {
    const records: RecordSet[][] = [];
    for (const zoneId of zoneIds) records.push(await inside.route53.recordSets(zoneId));
    return records;
  };
  const addressesOf = async (): Promise<Association[]> => {
    if (addresses.length === 0) return [];
    return inside.ec2.addresses({ allocationIds: addresses.map(({ allocationId }) => allocationId) });
  };
  const snapshot = async (): Promise<Snapshot> => ({
    records: (await recordsOf()).flat(),
    rules: await balancer.rules(),
    addresses: (await addressesOf()).map(({ associationId: _, ...rest }) => rest),
  });
  const key = tagKey(markingOf("", blueName));
  const places = balancer.targets.map(({ ruleArn, listenerArn }) => ruleArn ?? listenerArn);
  const markedAddresses = async () => {
    const tagged = addresses.length === 0 ? new Map<string, string>() : await inside.ec2.tagged(key);
    return addresses.map(({ allocationId }) => allocationId).filter((id) => tagged.has(id));
  };
  const markedPlaces = async () => [...(await inside.elbv2.tagsOf(places, key)).keys()];
  const original = { records: await recordsOf(), addresses: await addressesOf() };
  const byHand = (spec.manual ?? []).map((name): Target => ({ kind: "manual", name, green: "allow", blue: "forbid" }));
  const associate = (allocationId: string, instanceId: string) =>
    inside.ec2.associate({ allocationId, instanceId, allowReassociation: true });
  return {
    targets: [...dns, ...balancer.targets, ...addresses, ...byHand],
    zoneId: hostedZoneId,
    zoneIds,
    aws: (clock, timeoutMs) =>
      awsClients({ region, endpoint: front.endpoint }, { clock, ...(timeoutMs !== undefined && { timeoutMs }) }),
    records: recordsOf,
    snapshot,
    marked: async () => [...(await markedAddresses()), ...(await markedPlaces())],
    async reset() {
      const [ids, arns] = [await markedAddresses(), await markedPlaces()];
      if (ids.length > 0) await inside.ec2.untag(ids, key);
      if (arns.length > 0) await inside.elbv2.untag(arns, key);
      for (const [index, live] of (await recordsOf()).entries()) {
        const wanted = original.records[index] ?? [];
        const deletes = missingFrom(wanted, live).map((set) => ({ Action: "DELETE" as const, ResourceRecordSet: set }));
        const changes = [...deletes, ...upserts(missingFrom(live, wanted))];
        if (changes.length > 0) await inside.route53.change(zoneIds[index] ?? "", changes, "the world's beginning");
      }
      await balancer.reset();
      const places = new Map((await addressesOf()).map((each) => [each.allocationId, each.instanceId]));
      for (const { allocationId, instanceId = "" } of original.addresses) {
        if (places.get(allocationId) !== instanceId) await associate(allocationId, instanceId);
      }
    },
    async edit(set) {
      await inside.route53.change(hostedZoneId, upserts([set]), "somebody else");
    },
    async steal(allocationId) {
      await associate(allocationId, thief?.id ?? "");
    },
    effects() {
      const actions = ["ChangeResourceRecordSets", "AssociateAddress", "ModifyRule", "ModifyListener"];
      const counts = Object.entries(front.counts()).filter(([key]) => actions.includes(key.replace(/^.*\//, "")));
      return counts.reduce((sum, [, count]) => sum + count, 0);
    },
  };
}

function upserts(sets: readonly RecordSet[]): Change[] {
  return sets.map((set) => ({ Action: "UPSERT", ResourceRecordSet: set }));
}

/** The sets of `wanted` that aren't, just so, among `sets`. */
function missingFrom(sets: readonly RecordSet[], wanted: readonly RecordSet[]): RecordSet[] {
  const there = new Set(sets.map((set) => canonicalJson(set)));
  return wanted.filter((set) => !there.has(canonicalJson(set)));
}

async function createZone(route53: Route53Client, name: string): Promise<string> {
  const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: name, CallerReference: name }));
  return (HostedZone?.Id ?? "").replace("/hostedzone/", "");
}

/** Waits take no time, so that the rate of the world's own clients doesn't either. */
function instantClock(): Clock {
  let now = Date.parse("2026-01-01T00:00:00Z");
  return {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
  };
}

/** A journal that outlives the process that writes it. */
export function memoryJournal(): Journal {
  const entries: JournalEntry[] = [];
  return {
    entries: () => [...entries],
    async append(record) {
      const plain = JSON.parse(JSON.stringify(record)) as JournalEntry;
      entries.push({ ...plain, seq: entries.length + 1, at: "2026-11-28T22:00:00.000Z", sum: "" });
    },
  };
}

export class Crash extends Error {}

/**
 * Kills at the nth point: at the beginning, and right after every journal write and every effect. Nothing lasting is done
 * between the end of one and the beginning of the next, so that this is before every one of them, too. From then on
 * nothing can be done any more. `happened` says whether the point was reached. Points count only while `counts` is true.
 */
export function crashingAt(point: number, aws: AwsApi, journal: Journal, counts: () => boolean = () => true) {
  const state = { happened: false, points: 0 };
  const reach = () => {
    if (!state.happened && !counts()) return;
    if (state.happened || state.points++ === point) {
      state.happened = true;
      throw new Crash(`killed at point ${point}`);
    }
  };
  const alive = async <T>(read: () => Promise<T>): Promise<T> => {
    if (state.happened) throw new Crash("dead");
    return read();
  };
  const around = async <T>(effect: () => Promise<T>): Promise<T> => {
    if (state.points === 0) reach();
    const result = await alive(effect);
    reach();
    return result;
  };
  const dying: AwsApi = {
    ...aws,
    route53: {
      findZone: (name) => alive(() => aws.route53.findZone(name)),
      zonesNamed: (name) => alive(() => aws.route53.zonesNamed(name)),
      recordSets: (...wanted) => alive(() => aws.route53.recordSets(...wanted)),
      waitInSync: (id, signal) => alive(() => aws.route53.waitInSync(id, signal)),
      change: (zoneId, changes, comment) => around(() => aws.route53.change(zoneId, changes, comment)),
    },
    elbv2: {
      loadBalancer: (name) => alive(() => aws.elbv2.loadBalancer(name)),
      listeners: (wanted) => alive(() => aws.elbv2.listeners(wanted)),
      rules: (wanted) => alive(() => aws.elbv2.rules(wanted)),
      targetGroups: (wanted) => alive(() => aws.elbv2.targetGroups(wanted)),
      targetHealth: (group) => alive(() => aws.elbv2.targetHealth(group)),
      modifyRule: (arn, actions) => around(() => aws.elbv2.modifyRule(arn, actions)),
      modifyListener: (arn, actions) => around(() => aws.elbv2.modifyListener(arn, actions)),
      tagsOf: (arns, key) => alive(() => aws.elbv2.tagsOf(arns, key)),
      tag: (arn, key, value) => around(() => aws.elbv2.tag(arn, key, value)),
      untag: (arns, key) => around(() => aws.elbv2.untag(arns, key)),
    },
    ec2: {
      addresses: (filter) => alive(() => aws.ec2.addresses(filter)),
      instances: (filter) => alive(() => aws.ec2.instances(filter)),
      associate: (request) => around(() => aws.ec2.associate(request)),
      disassociate: (id) => around(() => aws.ec2.disassociate(id)),
      tagged: (key) => alive(() => aws.ec2.tagged(key)),
      tag: (resource, key, value) => around(() => aws.ec2.tag(resource, key, value)),
      untag: (resources, key) => around(() => aws.ec2.untag(resources, key)),
    },
  };
  const written: Journal = {
    entries: () => journal.entries(),
    append: (record) => around(() => journal.append(record)),
  };
  return { aws: dying, journal: written, state };
}
