import type { ListResourceRecordSetsCommandOutput } from "@aws-sdk/client-route-53";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allRecordSets, recordSetsOf } from "../../src/aws/route53-records.js";
import type { RecordSet } from "../../src/model/traffic.js";

/** By labels from the last to the first; an asterisk is one character, however it is written. */
const byLabels = (name: string) => name.replaceAll("\\052", "*").split(".").slice(0, -1).reverse().join(".");
/** How Route 53 is documented to list, and how the emulator does: they differ where one name begins with another's label. */
const orders = { documented: (name: string) => `${byLabels(name)}.`, emulated: byLabels };

/** A zone that answers in pages, written apart from the code that reads them. */
function pagedZone(sets: readonly RecordSet[], orderOf: (name: string) => string, mostOfPage = 300) {
  const key = ({ Name, Type, SetIdentifier = "" }: RecordSet) => [orderOf(Name), Type, SetIdentifier];
  const before = (a: readonly string[], b: readonly string[]) => {
    const index = a.findIndex((part, i) => part !== b[i]);
    return index >= 0 && (a[index] ?? "") < (b[index] ?? "");
  };
  const sorted = [...sets].sort((a, b) => (before(key(a), key(b)) ? -1 : 1));
  const seen = { calls: 0, sets: 0 };
  const page: Parameters<typeof allRecordSets>[0] = async (start, mostItems = mostOfPage) => {
    const { NextRecordName: name, NextRecordType: type = "", NextRecordIdentifier: id = "" } = start;
    const first = name === undefined ? 0 : sorted.findIndex((set) => !before(key(set), [orderOf(name), type, id]));
    const rest = first < 0 ? [] : sorted.slice(first);
    const listed = rest.slice(0, Math.min(mostItems, mostOfPage));
    const next = rest[listed.length];
    seen.calls += 1;
    seen.sets += listed.length;
    return {
      ResourceRecordSets: listed,
      IsTruncated: next !== undefined,
      NextRecordName: next?.Name,
      NextRecordType: next?.Type,
      NextRecordIdentifier: next?.SetIdentifier,
    } as unknown as ListResourceRecordSetsCommandOutput;
  };
  return { page, seen };
}

const simple = (Name: string, Type = "A"): RecordSet => ({
  Name,
  Type,
  TTL: 60,
  ResourceRecords: [{ Value: "192.0.2.1" }],
});
const sorted = (sets: readonly RecordSet[]) => sets.map((set) => JSON.stringify(set)).sort();

describe("recordSetsOf", () => {
  const label = fc.constantFrom("a", "app", "app-1", "app!", "b", "\\052", "_x", "z");
  const name = fc
    .uniqueArray(label, { minLength: 0, maxLength: 3 })
    .map((labels) => [...labels, "acme.example."].join("."));
  const sets = fc
    .uniqueArray(fc.tuple(name, fc.constantFrom("A", "AAAA", "TXT"), fc.integer({ min: 1, max: 4 })), {
      selector: ([n, type]) => `${n} ${type}`,
      maxLength: 40,
    })
    .map((all) =>
      all.flatMap(([n, type, count]) =>
        count === 1
          ? [simple(n, type)]
          : Array.from({ length: count }, (_, i) => ({ ...simple(n, type), SetIdentifier: `${i}`, Weight: i })),
      ),
    );

  it.each(Object.entries(orders))(
    "finds exactly what the whole zone has of the names, listed as %s",
    async (_, order) => {
      await fc.assert(
        fc.asyncProperty(
          sets,
          fc.array(name, { maxLength: 6 }),
          fc.integer({ min: 1, max: 9 }),
          async (all, names, size) => {
            const wanted = new Set(names);
            const { page } = pagedZone(all, order, size);
            expect(sorted(await recordSetsOf(page, names))).toEqual(sorted(all.filter(({ Name }) => wanted.has(Name))));
            expect(sorted(await allRecordSets(page))).toEqual(sorted(all));
          },
        ),
        { numRuns: 150 },
      );
    },
  );

  const large = Array.from({ length: 5_000 }, (_, i) => simple(`h${String(i).padStart(4, "0")}.acme.example.`));

  it.each<[string, string[], number]>([
    ["one name", ["h2500.acme.example."], 1],
    ["a hundred beside each other", large.slice(1_000, 1_100).map(({ Name }) => Name), 1],
    ["three far apart", ["h0001.acme.example.", "h2500.acme.example.", "h4999.acme.example."], 3],
    ["one that isn't there, among others", ["h2500.acme.example.", "h2500a.acme.example.", "h2501.acme.example."], 1],
    ["wildcards, as they are written", ["*.acme.example.", "h0000.acme.example."], 1],
  ])("asks for %s in as few calls as may be", async (_, names, calls) => {
    const { page, seen } = pagedZone(large, orders.documented);
    const found = await recordSetsOf(page, names);
    expect(found.map(({ Name }) => Name)).toEqual(large.map(({ Name }) => Name).filter((each) => names.includes(each)));
    expect(seen.calls).toBe(calls);
  });

  it("has the sets of a name by their identifiers, however they are listed, and names in their places", async () => {
    const set = (Name: string, SetIdentifier: string) => ({ ...simple(Name), SetIdentifier, Weight: 1 });
    const listed = [
      set("z.acme.example.", "b"),
      set("a.acme.example.", "2"),
      set("a.acme.example.", "1"),
      set("z.acme.example.", "a"),
    ];
    const answer = { ResourceRecordSets: listed, IsTruncated: false } as unknown as ListResourceRecordSetsCommandOutput;
    const found = await allRecordSets(async () => answer);
    expect(found.map(({ Name, SetIdentifier }) => `${Name} ${SetIdentifier}`)).toEqual([
      "z.acme.example. a",
      "z.acme.example. b",
      "a.acme.example. 1",
      "a.acme.example. 2",
    ]);
  });

  it("reads little for one name of a large zone", async () => {
    const { page, seen } = pagedZone(large, orders.documented);
    await recordSetsOf(page, ["h2500.acme.example."]);
    expect(seen.sets).toBeLessThanOrEqual(101);
  });
});
