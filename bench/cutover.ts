import { awsClients } from "../src/aws/clients.js";
import type { Journal, JournalEntry } from "../src/model/journal.js";
import type { Target } from "../src/model/traffic.js";
import { emulatorClients } from "../src/sandbox/aws/clients.js";
import type { AwsFront } from "../src/sandbox/aws/front.js";
import { type Instance, launchGroup } from "../src/sandbox/aws/instances.js";
import { seedProduction } from "../src/sandbox/aws/seed.js";
import { rollback } from "../src/traffic/rollback.js";
import { shift } from "../src/traffic/shift.js";
import { pairAddresses } from "../src/traffic/targets/elastic-ip/resolve.js";
import { type Calls, countCalls, describeCalls, sumCalls } from "./calls.js";
import { instantClock } from "./clocks.js";
import type { Figure, Sizes } from "./figure.js";
import { rowsOf } from "./measure.js";

const region = "eu-central-1";
/** Green's share after each step, as clustershift.yaml has it by default. */
const steps = [5, 25, 50, 100];
/** Record sets that Route 53 lists in one answer at most. */
const listPage = 300;

export const cutoverFigure: Figure = {
  id: "cutover",
  what: "AWS calls of a cutover and its rollback: ours, and the least that could do it without ever looking (the ceiling)",
  async run({ sizes, aws, log }) {
    const front = await aws();
    const { targets, recordSets } = await seed(front, sizes);
    const since = countCalls(front);
    await thereAndBack(front, targets);
    const made = since();
    const least = leastCalls({ ...sizes, recordSets, steps: steps.length });
    log(`cutover: ${sumCalls(made)} calls, where ${sumCalls(least)} are the least`);
    return {
      id: "cutover",
      size: `${sizes.records} records, ${sizes.addresses} addresses, ${steps.length} steps`,
      unit: "calls",
      rows: rowsOf([
        { name: "the least possible", role: "ceiling", samples: [sumCalls(least)] },
        { name: "clustershift cutover and rollback", role: "ours", samples: [sumCalls(made)] },
      ]),
      notes: [
        `the least: ${describeCalls(least)}`,
        `ours: ${describeCalls(made)}`,
        "the emulator says INSYNC at once: on AWS each change takes some more GetChange, of both",
      ],
    };
  },
};

/**
 * Calls by `service/action` that no tool can save: what was there before is read once, each step is one batch that is waited
 * for, addresses move one by one, and all of it goes back. Nothing is ever looked at again.
 */
export function leastCalls(of: {
  /** In the zone, before. */
  recordSets: number;
  addresses: number;
  steps: number;
}): Calls {
  const batches = of.steps + 1;
  return {
    "route53/ListResourceRecordSets": Math.ceil(of.recordSets / listPage),
    "route53/ChangeResourceRecordSets": batches,
    "route53/GetChange": batches,
    "ec2/DescribeAddresses": of.addresses > 0 ? 1 : 0,
    "ec2/AssociateAddress": 2 * of.addresses,
  };
}

let seeded = 0;

async function seed(front: AwsFront, { records, addresses }: Sizes) {
  const clients = emulatorClients(front.internalEndpoint, region);
  const zone = `bench-${++seeded}.example.`;
  const hosts = Array.from({ length: records }, (_, index) => `app-${index}`);
  const production = await seedProduction(clients, {
    zone,
    hosts,
    edgeAddress: "192.0.2.1",
    ttl: 5,
    availabilityZones: ["a", "b", "c"].map((letter) => region + letter),
    cluster: `blue.${zone}`,
    colour: "blue",
    groups: [{ name: "syslog", count: addresses }],
    addressGroup: "syslog",
  });
  const launch = { cluster: `green.${zone}`, colour: "green", group: "syslog", count: addresses };
  const green = await launchGroup(clients.ec2, { ...launch, subnets: production.subnets });
  const node = ({ id, zone, group }: Instance) => ({ node: id, group, zone, instanceId: id });
  const dns = hosts.map(
    (host): Target => ({
      kind: "route53",
      zoneId: production.hostedZoneId,
      name: `${host}.${zone}`,
      type: "A",
      green: ["198.51.100.1"],
    }),
  );
  const moved =
    addresses > 0 ? pairAddresses("syslog", production.addresses, production.instances.map(node), green.map(node)) : [];
  const inside = awsClients({ region, endpoint: front.internalEndpoint }, { clock: instantClock() });
  const recordSets = (await inside.route53.recordSets(production.hostedZoneId)).length;
  inside.close();
  return { targets: [...dns, ...moved], recordSets };
}

/** @throws Error where it doesn't end as it should */
async function thereAndBack(front: AwsFront, targets: readonly Target[]): Promise<void> {
  // Calls are counted, and not the waits for TTLs and rates between them.
  const clock = instantClock();
  const aws = awsClients({ region, endpoint: front.endpoint }, { clock });
  const edges = { aws, clock, journal: memoryJournal() };
  try {
    const check = async () => ({ outcome: "passed" as const, detail: "not what is measured" });
    const forth = await shift({ targets, steps, holdMs: 0 }, { ...edges, check });
    const back = await rollback(edges);
    if (forth.outcome !== "moved" || back.outcome !== "moved-back") {
      throw new Error(`the cutover ended as ${forth.outcome}, and the rollback as ${back.outcome}`);
    }
  } finally {
    aws.close();
  }
}

function memoryJournal(): Journal {
  const entries: JournalEntry[] = [];
  return {
    entries: () => [...entries],
    async append(record) {
      const plain = JSON.parse(JSON.stringify(record)) as JournalEntry;
      entries.push({ ...plain, seq: entries.length + 1, at: "2026-01-01T00:00:00.000Z", sum: "" });
    },
  };
}
