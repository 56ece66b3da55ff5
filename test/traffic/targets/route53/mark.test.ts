import { expect, it } from "vitest";
import type { RecordSet } from "../../../../src/model/traffic.js";
import { zoneFromMark } from "../../../../src/traffic/targets/route53/from-mark.js";
import { isMarkOf, markOf, readMark, restored } from "../../../../src/traffic/targets/route53/mark.js";
import { setsAt } from "../../../../src/traffic/targets/route53/stages.js";

const marking = { run: "20261128T220000Z", owner: "0a1b2c3d" };
const set = (name: string, parts: Partial<RecordSet> = {}): RecordSet => ({
  ...{ Name: name, Type: "A", TTL: 300, ResourceRecords: [{ Value: "192.0.2.1" }] },
  ...parts,
});
const simple = set("app.acme.example.");
const weighted = [
  set("pool.acme.example.", { SetIdentifier: 'odd " \\ é', Weight: 3, HealthCheckId: "h" }),
  set("pool.acme.example.", { SetIdentifier: "b".repeat(128), Weight: 0 }),
];
const names = [
  { name: "app.acme.example.", type: "A", green: ["198.51.100.1"] },
  { name: "pool.acme.example.", type: "A", green: ["198.51.100.2"], healthCheckId: "g" },
] as const;
const before = [simple, ...weighted];
const mark = markOf(names, before, "acme.example.", marking);
const zone = {
  ...{ kind: "route53" as const, key: "route53:Z", zoneId: "Z", before, mark },
  names: names.map((name) => ({ ...name, green: [...name.green] })),
};

it("is a TXT record below the batch's first name, in strings that Route 53 takes", () => {
  expect(mark).toMatchObject({ Name: "_clustershift-0a1b2c3d.app.acme.example.", Type: "TXT" });
  for (const { Value } of mark.ResourceRecords ?? []) {
    expect(Value).toMatch(/^"[^"\\]{1,255}"( "[^"\\]{1,255}")*$/);
    expect(Value).toMatch(/^[\x20-\x7e]{1,4000}$/);
  }
  expect(isMarkOf(mark, marking)).toBe(true);
  expect(isMarkOf(mark, { owner: "ffffffff" })).toBe(false);
});

it.each([
  ["*.acme.example.", "_clustershift-0a1b2c3d.acme.example."],
  [
    `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.acme.example.`,
    "_clustershift-0a1b2c3d.acme.example.",
  ],
])("has a name of its own for %s", (name, expected) => {
  expect(markOf([{ name, type: "A" }], [], "acme.example.", marking).Name).toBe(expected);
});

it.each([1, 25, 50, 99, 100])("leads back from %d percent, in whichever order its lines come", (share) => {
  const live = setsAt(zone, share);
  const shuffled = { ...mark, ResourceRecords: [...(mark.ResourceRecords ?? [])].reverse() };
  const found = zoneFromMark(shuffled, "Z", 0, [...live.slice(0, -1).reverse(), shuffled, set("else.acme.example.")]);
  expect(found?.run).toBe(marking.run);
  const sorted = (sets: RecordSet[] = []) => sets.map((each) => JSON.stringify(Object.entries(each).sort())).sort();
  expect(sorted(found?.recorded.before)).toEqual(sorted(before));
  expect(found?.recorded.names.flatMap(({ green }) => ("length" in green ? green : [])).sort()).toEqual([
    "198.51.100.1",
    "198.51.100.2",
  ]);
});

it("knows TTLs that were lowered before the shift", () => {
  const base = before.map((each) => ({ ...each, TTL: 30 }));
  const found = zoneFromMark(mark, "Z", 0, setsAt({ ...zone, base }, 50));
  expect(found?.recorded).toMatchObject({ before, base });
});

it.each<[string, (live: RecordSet[]) => RecordSet[]]>([
  [
    "an answer of blue's",
    (live) =>
      live.map((each) =>
        each.SetIdentifier === "clustershift-blue" ? { ...each, ResourceRecords: [{ Value: "203.0.113.1" }] } : each,
      ),
  ],
  [
    "a weight",
    (live) => live.map((each) => (each.SetIdentifier === "clustershift-green" ? { ...each, Weight: 200 } : each)),
  ],
  ["a set that is gone", (live) => live.slice(1)],
  ["a set more", (live) => [...live, set("pool.acme.example.", { SetIdentifier: "new", Weight: 1 })]],
])("leads nowhere where somebody changed %s", (_, change) => {
  expect(zoneFromMark(mark, "Z", 0, change(setsAt(zone, 50)))).toBeUndefined();
});

it("is none where it can't be read whole", () => {
  const broken = { ...mark, ResourceRecords: [...(mark.ResourceRecords ?? []), { Value: '"what is this"' }] };
  expect(readMark(broken)).toBeUndefined();
  expect(readMark({ ...mark, ResourceRecords: [{ Value: '"clustershift=2 run=x"' }] })).toBeUndefined();
  const [line] = readMark(mark)?.sets ?? [];
  expect(line && restored(line, [])).toBeUndefined();
});
