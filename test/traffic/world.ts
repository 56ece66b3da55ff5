import type { AwsApi } from "../../src/aws/api.js";
import { awsClients } from "../../src/aws/clients.js";
import type { Clock } from "../../src/model/clock.js";
import type { Journal, JournalEntry } from "../../src/model/journal.js";
import type { AddressTarget, Association, DnsTarget, RecordSet, Target } from "../../src/model/traffic.js";
import { emulatorClients } from "../../src/sandbox/aws/clients.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { launchGroup } from "../../src/sandbox/aws/instances.js";
import { seedProduction } from "../../src/sandbox/aws/seed.js";
import { pairAddresses } from "../../src/traffic/targets/elastic-ip/resolve.js";

const region = "eu-central-1";
const cluster = (colour: string) => `${colour}.acme.example`;

/** One production in the emulator: two simple names and a weighted one, and an Elastic IP in each of two zones. */
export interface World {
  targets: Target[];
  zoneId: string;
  /** Another one each time, as another process has it. */
  aws(clock: Clock): AwsApi;
  /** Everything in the zone, and every address without its association id, as AWS lists them. */
  snapshot(): Promise<{ records: RecordSet[]; addresses: Association[] }>;
  /** Somebody else's change of a record. */
  edit(set: RecordSet): Promise<void>;
  /** Somebody else's change of an address. */
  steal(allocationId: string): Promise<void>;
  /** Effects that reached the emulator so far. */
  effects(): number;
}

export async function createWorld(front: AwsFront, name: string): Promise<World> {
  const clients = emulatorClients(front.internalEndpoint, region);
  const availabilityZones = [`${region}a`, `${region}b`];
  const production = await seedProduction(clients, {
    zone: `${name}.`,
    hosts: ["app", "api"],
    edgeAddress: "192.0.2.1",
    ttl: 5,
    availabilityZones,
    cluster: cluster("blue"),
    colour: "blue",
    groups: [{ name: "syslog", count: 2 }],
    addressGroup: "syslog",
  });
  const { subnets, hostedZoneId: zoneId } = production;
  const launched = await launchGroup(clients.ec2, {
    cluster: cluster("green"),
    colour: "green",
    group: "syslog",
    count: 2,
    subnets,
  });
  const thief = await launchGroup(clients.ec2, {
    cluster: "other.example",
    colour: "other",
    group: "other",
    count: 1,
    subnets: subnets.slice(0, 1),
  });
  const node = ({ id, zone, group }: (typeof launched)[number]) => ({ node: id, group, zone, instanceId: id });
  const addresses: AddressTarget[] = pairAddresses(
    "syslog",
    production.addresses,
    production.instances.map(node),
    launched.map(node),
  );
  const dns = (host: string): DnsTarget => ({
    kind: "route53",
    zoneId,
    name: `${host}.${name}.`,
    type: "A",
    green: ["198.51.100.1"],
  });
  const inside = awsClients({ region, endpoint: front.internalEndpoint }, { clock: realClock });
  const associate = (allocationId: string, instanceId: string) =>
    inside.ec2.associate({ allocationId, instanceId, allowReassociation: true });
  return {
    targets: [dns("app"), dns("api"), dns("partner"), ...addresses],
    zoneId,
    aws: (clock) => awsClients({ region, endpoint: front.endpoint }, { clock }),
    async snapshot() {
      const allocationIds = addresses.map(({ allocationId }) => allocationId);
      const associations = await inside.ec2.addresses({ allocationIds });
      return {
        records: await inside.route53.recordSets(zoneId),
        addresses: associations.map(({ associationId: _, ...rest }) => rest),
      };
    },
    async edit(set) {
      await inside.route53.change(zoneId, [{ Action: "UPSERT", ResourceRecordSet: set }], "somebody else");
    },
    async steal(allocationId) {
      await associate(allocationId, thief[0]?.id ?? "");
    },
    effects() {
      const { "route53/ChangeResourceRecordSets": changes = 0, "ec2/AssociateAddress": moves = 0 } = front.counts();
      return changes + moves;
    },
  };
}

const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};

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
      recordSets: (zoneId) => alive(() => aws.route53.recordSets(zoneId)),
      waitInSync: (id, signal) => alive(() => aws.route53.waitInSync(id, signal)),
      change: (zoneId, changes, comment) => around(() => aws.route53.change(zoneId, changes, comment)),
    },
    ec2: {
      addresses: (filter) => alive(() => aws.ec2.addresses(filter)),
      instances: (filter) => alive(() => aws.ec2.instances(filter)),
      associate: (request) => around(() => aws.ec2.associate(request)),
      disassociate: (id) => around(() => aws.ec2.disassociate(id)),
    },
  };
  const written: Journal = {
    entries: () => journal.entries(),
    append: (record) => around(() => journal.append(record)),
  };
  return { aws: dying, journal: written, state };
}
