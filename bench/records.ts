import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CreateHostedZoneCommand } from "@aws-sdk/client-route-53";
import type { Change } from "../src/aws/api.js";
import { awsClients } from "../src/aws/clients.js";
import type { Target } from "../src/model/traffic.js";
import { FileJournal } from "../src/run/journal.js";
import { emulatorClients } from "../src/sandbox/aws/clients.js";
import type { AwsFront } from "../src/sandbox/aws/front.js";
import { shift } from "../src/traffic/shift.js";
import { type Calls, countCalls, describeCalls, sumCalls } from "./calls.js";
import { instantClock, wallClock } from "./clocks.js";
import type { Bench, Figure, FigureResult } from "./figure.js";
import { type Contender, measure, type Role, rowsOf, timed } from "./measure.js";
import { findOctodns } from "./octodns.js";

const region = "eu-central-1";
const [blue, green] = ["192.0.2.1", "198.51.100.1"];

export const recordCallsFigure: Figure = {
  id: "record-calls",
  what: "AWS calls until all names of a zone answer green: the least (the ceiling), ours, octoDNS",
  run: async (bench) => (await measured(bench)).calls,
};

export const recordTimeFigure: Figure = {
  id: "record-time",
  what: "the time that the same took, in the same rounds",
  run: async (bench) => (await measured(bench)).time,
};

const runs = new WeakMap<Bench, ReturnType<typeof moveNames>>();

/** Both figures are of one run, whichever is asked for first. */
function measured(bench: Bench): ReturnType<typeof moveNames> {
  const run = runs.get(bench) ?? moveNames(bench);
  runs.set(bench, run);
  return run;
}

/** Moves every name of a zone to green, in turn with each contender, and counts calls while it takes the time. */
async function moveNames({ sizes, folder, aws, log }: Bench): Promise<{ calls: FigureResult; time: FigureResult }> {
  const front = await aws();
  const zone = await createBenchZone(front, sizes.zoneRecords);
  const octodns = await findOctodns(front.endpoint, folder);
  const calls = new Map<string, Calls[]>();
  const contender = (name: string, role: Role, work: () => Promise<unknown>): Contender => ({
    name,
    role,
    async run() {
      await zone.toBlue();
      const since = countCalls(front);
      const ms = await timed(work);
      calls.get(name)?.push(since());
      await zone.requireGreen(name);
      return ms;
    },
  });
  const contenders = [
    contender("one list, one batch, one look", "ceiling", () => leastOf(front, zone)),
    contender("clustershift", "ours", () => shiftAll(front, zone, join(folder, "records.jsonl"))),
    ...("missing" in octodns
      ? []
      : [
          contender("octodns-sync", "peer", () => octodns.sync(zone.name, new Map(zone.labels.map((l) => [l, green])))),
        ]),
  ];
  for (const { name } of contenders) calls.set(name, []);
  const { rounds, warmUp } = sizes;
  const rows = await measure(contenders, {
    rounds,
    warmUp,
    onSample: (name, round, ms) => log(`records: round ${round}, ${name}: ${Math.round(ms)} ms`),
  });
  zone.close();
  // The round before the first isn't counted.
  const counted = contenders.map(({ name, role }) => {
    const samples = (calls.get(name) ?? []).slice(-rounds).map(sumCalls);
    return { name, role, samples };
  });
  const made = contenders.map(({ name }) => `${name}: ${describeCalls(calls.get(name)?.at(-1) ?? {})}`);
  const peer =
    "missing" in octodns
      ? octodns.missing
      : `${octodns.version}, of whose time about ${Math.round(await timed(octodns.start))} ms are Python's start`;
  const size = `${zone.labels.length} records of one zone`;
  return {
    calls: { id: "record-calls", size, unit: "calls", rows: rowsOf(counted), notes: [...made, peer] },
    time: { id: "record-time", size, unit: "ms", rows, notes: [peer] },
  };
}

interface BenchZone {
  id: string;
  /** With its last dot. */
  name: string;
  labels: string[];
  targets: Target[];
  /** What makes every name answer green, as one batch. */
  batch: Change[];
  /** One simple record set each, with blue's value. */
  toBlue(): Promise<void>;
  /** @throws Error unless every name answers green, and nothing else */
  requireGreen(who: string): Promise<void>;
  close(): void;
}

let created = 0;

async function createBenchZone(front: AwsFront, count: number): Promise<BenchZone> {
  const name = `records-${++created}.example.`;
  const { route53 } = emulatorClients(front.internalEndpoint, region);
  const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: name, CallerReference: name }));
  const id = (HostedZone?.Id ?? "").replace("/hostedzone/", "");
  const labels = Array.from({ length: count }, (_, index) => `app-${index}`);
  // Nobody waits for a TTL of 0: waiting isn't what is compared.
  const upserts = (value: string): Change[] =>
    labels.map((label) => ({
      Action: "UPSERT",
      ResourceRecordSet: { Name: `${label}.${name}`, Type: "A", TTL: 0, ResourceRecords: [{ Value: value }] },
    }));
  /** Without rates: what is done beside the measured work needn't wait. */
  const inside = awsClients({ region, endpoint: front.internalEndpoint }, { clock: instantClock() });
  const ownSets = async () => (await inside.route53.recordSets(id)).filter(({ Type }) => Type === "A");
  return {
    ...{ id, name, labels, batch: upserts(green) },
    targets: labels.map((label) => ({
      kind: "route53",
      zoneId: id,
      name: `${label}.${name}`,
      type: "A",
      green: [green],
    })),
    async toBlue() {
      const deletes = (await ownSets()).map((set): Change => ({ Action: "DELETE", ResourceRecordSet: set }));
      for (let at = 0; at < deletes.length; at += 1_000)
        await inside.route53.change(id, deletes.slice(at, at + 1_000), "again");
      await inside.route53.change(id, upserts(blue), "as before");
    },
    async requireGreen(who) {
      const answering = (await ownSets()).filter(({ Weight }) => Weight === undefined || Weight > 0);
      const right = answering.filter(({ ResourceRecords }) => ResourceRecords?.every(({ Value }) => Value === green));
      const names = new Set(right.map((set) => set.Name));
      if (right.length !== answering.length || names.size !== count)
        throw new Error(`${who}: ${names.size} of ${count} names answer green alone`);
    },
    close: () => inside.close(),
  };
}

/** What cannot be done with less: the zone is listed, changed at once, and the change looked at until it is in sync. */
async function leastOf(front: AwsFront, { id, batch }: BenchZone): Promise<void> {
  const aws = awsClients({ region, endpoint: front.endpoint }, { clock: wallClock });
  await aws.route53.recordSets(id);
  await aws.route53.waitInSync(await aws.route53.change(id, batch, "the least"));
  aws.close();
}

/** One step to all, with a journal on disk. */
async function shiftAll(front: AwsFront, { targets }: BenchZone, file: string): Promise<void> {
  await rm(file, { force: true });
  const aws = awsClients({ region, endpoint: front.endpoint }, { clock: wallClock });
  const journal = await FileJournal.open(file, () => new Date());
  const check = async () => ({ outcome: "passed" as const, detail: "not what is measured" });
  try {
    await shift({ targets, steps: [100], holdMs: 0 }, { aws, journal, clock: wallClock, check });
  } finally {
    await journal.close();
    aws.close();
  }
}
