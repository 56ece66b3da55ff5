import fc from "fast-check";
import { expect, it } from "vitest";
import type { AwsApi } from "../../../../src/aws/api.js";
import type { DnsTarget, RecordSet } from "../../../../src/model/traffic.js";
import { changesBetween, groupByName } from "../../../../src/traffic/targets/route53/changes.js";
import { finishedSets } from "../../../../src/traffic/targets/route53/finish.js";
import { recordZones } from "../../../../src/traffic/targets/route53/record.js";
import { sameSets } from "../../../../src/traffic/targets/route53/record-sets.js";
import type { RecordedZone } from "../../../../src/traffic/targets/route53/recorded.js";
import { shareStages } from "../../../../src/traffic/targets/route53/stages.js";
import * as arbitrary from "./arbitraries.js";
import { applyBatch } from "./zone-model.js";

const labels = ["app", "api", "www", "\\052"];
const heritage = '"heritage=external-dns,external-dns/owner=blue,external-dns/resource=ingress/shop/web"';

/** Some of a zone's names are external-dns's, each set with a record of its own; all of the zone's batches are few names. */
const zoneOf = (zoneId: string) =>
  fc
    .tuple(...labels.map((label) => fc.tuple(arbitrary.nameSets(`${label}.${zoneId}.example.`), fc.boolean())))
    .map((names) =>
      names.flatMap(([sets, isOwned]) => [...sets, ...(isOwned ? sets.map((set) => registryOf(set)) : [])]),
    );

function registryOf({ Name, SetIdentifier, Weight }: RecordSet): RecordSet {
  const weighted = SetIdentifier === undefined ? {} : { SetIdentifier, Weight };
  return { Name: `a-${Name}`, Type: "TXT", TTL: 300, ResourceRecords: [{ Value: heritage }], ...weighted } as RecordSet;
}

/** Steps that rise to 100. */
const steps = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 5 })
  .map((shares) => [...shares.sort((a, b) => a - b), 100]);

async function recorded(zones: Record<string, RecordSet[]>, green: string[]): Promise<RecordedZone[]> {
  const targets = Object.keys(zones).flatMap((zoneId) =>
    labels.map(
      (label): DnsTarget => ({
        ...{ kind: "route53", zoneId, name: `${label}.${zoneId}.example.`, type: "A", green },
        registry: { affixes: [], owners: { blue: "green" } },
      }),
    ),
  );
  const route53 = { recordSets: async (zoneId: string) => zones[zoneId] ?? [] } as unknown as AwsApi["route53"];
  return recordZones(targets, { route53 });
}

function expectAnswers(sets: readonly RecordSet[], names: Iterable<string>): void {
  const groups = groupByName(sets.filter(({ Type }) => Type === "A"));
  for (const name of names) {
    const weight = (groups.get(name) ?? []).reduce((sum, { Weight = 1 }) => sum + Weight, 0);
    expect(weight, name).toBeGreaterThan(0);
  }
}

it("answers for each name after every batch of a shift, of its way back from anywhere, and of its end", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ one: zoneOf("one"), two: zoneOf("two") }),
      fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 60 }),
      steps,
      fc.nat(),
      fc.constantFrom("simple" as const, "keep" as const),
      async (zones, green, shares, turn, records) => {
        const before = [...zones.one, ...zones.two];
        const names = [...groupByName(before.filter(({ Type }) => Type === "A")).keys()];
        const targets = await recorded(zones, green);
        const moves = shareStages(targets, { attempt: 1, steps: shares, holdMs: 0 }).flatMap((stage) => stage.moves);
        let live = before;
        const states = new Map(targets.map(({ key, before: original }) => [key, original]));
        const move = (key: string, to: RecordSet[]) => {
          live = applyBatch(live, changesBetween(states.get(key) ?? [], to));
          states.set(key, to);
          expectAnswers(live, names);
        };
        for (const { key, to } of moves.slice(0, turn % (moves.length + 1))) move(key, to as RecordSet[]);
        for (const { key, before: original } of [...targets].reverse()) move(key, original);
        expect(sameSets(live, before)).toBe(true);
        for (const { key, to } of moves) move(key, to as RecordSet[]);
        for (const target of targets) move(target.key, finishedSets(target, records));
        const owners = live
          .filter(({ Type }) => Type === "TXT")
          .map(({ ResourceRecords }) => ResourceRecords?.[0]?.Value);
        expect(owners.every((value) => value === heritage.replace("owner=blue", "owner=green"))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
