import type { Route53Api } from "../../aws/api.js";
import type { RecordSet } from "../../model/traffic.js";
import { interruptible, submit, type TrafficEdges, throwIfInterrupted } from "../effect.js";
import { type BatchedName, batchesOf } from "../targets/route53/batches.js";
import { describeSet, type RecordName, sameSets, setsOf } from "../targets/route53/record-sets.js";
import { zoneBatch } from "../targets/route53/zone-batch.js";
import { type AgreedShare, countNames, describeShares, requireShare } from "../targets/route53/zone-share.js";
import { configTrouble } from "../targets/trouble.js";
import {
  type CompletedPreparation,
  lastNumber,
  originalOf,
  type Preparation,
  type PreparedZone,
  type StartedPreparation,
  standingPreparation,
} from "./history.js";

/** A name that will move. */
export interface NameOfZone extends RecordName {
  zoneId: string;
}

export interface PrepareInput {
  names: readonly NameOfZone[];
  /** Seconds: what is greater becomes this. */
  ttl: number;
  /** How much of a zone may change; without it, all. */
  zoneShare?: AgreedShare;
}

export interface PreparePlan {
  /** Each set whose TTL is lowered, as it is and as it shall be. */
  lower: { now: string; after: string }[];
  /** Seconds: the longest TTL that resolvers may still hold. */
  oldTtl: number;
  /** One line for each zone: how much of it will move. */
  shares: string[];
}

export interface PrepareResult extends PreparePlan {
  /** ISO 8601, UTC: from then on no resolver has an answer with an old TTL. */
  oldTtlEnds: string;
}

type Edges = Pick<TrafficEdges, "aws" | "journal">;

/** What prepare would do now. Writes nothing. */
export async function planPrepare(input: PrepareInput, edges: Edges): Promise<PreparePlan> {
  return described(await openPreparation(input, edges));
}

/**
 * Lowers the TTL of every name that will move, so that the shift's steps, and above all its way back, are seen soon. Only
 * the TTL changes: blue answers as before. After a crash or Ctrl-C the same call goes on; where all is low it does nothing.
 *
 * @throws UserError `drifted`, `effect-failed`, `aws-failed`, `config-invalid`, `zone-share`, `interrupted`
 */
export async function prepare(input: PrepareInput, edges: TrafficEdges): Promise<PrepareResult> {
  return interruptible(edges.signal, async () => {
    const { journal, clock } = edges;
    const opened = await openPreparation(input, edges);
    const { number, ttl, zones, status, oldTtlEnds } = opened;
    if (status === "lowered" && oldTtlEnds) return { ...described(opened), oldTtlEnds };
    throwIfInterrupted(edges.signal);
    if (opened.isNew) {
      const data = { number, ttl, zones } satisfies StartedPreparation;
      await journal.append({ type: "event", phase: "prepare", event: "started", data });
    }
    const settles = [];
    for (const { key, zoneId, names, live, lowered } of zones) {
      if (sameSets(live, lowered)) continue;
      const target = zoneBatch({ key, zoneId, names }, { route53: edges.aws.route53, clock });
      const step = `prepare-${number}/${key}`;
      const move = { step, key, what: `the TTLs of ${key} to ${ttl} s`, from: live, to: lowered };
      settles.push(await submit(edges, target, move, "prepare"));
    }
    for (const settle of settles) await settle();
    const plan = described(opened);
    const earlier = Date.parse(opened.oldTtlEnds ?? "") || 0;
    const ends = new Date(Math.max(earlier, clock.now() + plan.oldTtl * 1000)).toISOString();
    const data = { number, ttl, oldTtlEnds: ends } satisfies CompletedPreparation;
    await journal.append({ type: "event", phase: "prepare", event: "completed", data });
    return { ...plan, oldTtlEnds: ends };
  });
}

/** The preparation that is under way or holds, or a new one, read just now but not yet in the journal. */
async function openPreparation(
  { names, ttl, zoneShare }: PrepareInput,
  { aws, journal }: Edges,
): Promise<Preparation & { isNew: boolean }> {
  const entries = journal.entries();
  const last = standingPreparation(entries);
  if (last?.status === "lowering") return { ...last, isNew: false };
  const zones = await readZones(names, ttl, aws.route53, last);
  requireShare(zones, zoneShare);
  const nothingLeft = zones.every(({ live, lowered }) => sameSets(live, lowered));
  if (last && last.ttl <= ttl && nothingLeft) return { ...last, isNew: false };
  return {
    number: lastNumber(entries) + 1,
    ttl,
    zones,
    status: "lowering",
    isNew: true,
    ...(last?.oldTtlEnds && { oldTtlEnds: last.oldTtlEnds }),
  };
}

async function readZones(
  names: readonly NameOfZone[],
  ttl: number,
  route53: Pick<Route53Api, "recordSets">,
  earlier: Preparation | undefined,
): Promise<PreparedZone[]> {
  const read: PreparedZone[] = [];
  for (const zoneId of new Set(names.map((each) => each.zoneId))) {
    const wanted = names.filter((each) => each.zoneId === zoneId);
    const sets = await route53.recordSets(zoneId);
    const missing = wanted.filter((name) => setsOf(sets, [name]).length === 0);
    if (missing.length > 0) {
      throw configTrouble(missing.map(({ name, type }) => `${name} ${type} doesn't exist in its zone.`));
    }
    const batches = batchesOf(
      wanted.map(({ name, type }): BatchedName => ({ name, type, green: [] })),
      sets,
    );
    for (const [index, batch] of batches.entries()) {
      const live = batch.flatMap((name) => setsOf(sets, [name]));
      read.push({
        key: `route53:${zoneId}${index === 0 ? "" : `#${index + 1}`}`,
        zoneId,
        names: batch.map(({ name, type }) => ({ name, type })),
        zoneNames: countNames(sets),
        before: batch.flatMap((name) => originalOf(setsOf(live, [name]), zoneId, name, earlier)),
        live,
        lowered: lowerTtls(live, ttl),
      });
    }
  }
  return read;
}

/** Aliases have no TTL of their own: Route 53 answers with that of what they point to. */
export function lowerTtls(sets: readonly RecordSet[], ttl: number): RecordSet[] {
  return sets.map((set) => (set.TTL !== undefined && set.TTL > ttl ? { ...set, TTL: ttl } : set));
}

function described({ zones }: Pick<Preparation, "zones">): PreparePlan {
  const pairs = zones.flatMap(({ live, lowered }) =>
    live.flatMap((set, index) => {
      const after = lowered[index];
      return after && after.TTL !== set.TTL ? [{ set, after }] : [];
    }),
  );
  return {
    lower: pairs.map(({ set, after }) => ({ now: describeSet(set), after: describeSet(after) })),
    oldTtl: Math.max(0, ...pairs.map(({ set }) => set.TTL ?? 0)),
    shares: describeShares(zones),
  };
}
