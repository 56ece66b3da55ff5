import { describe, expect, it } from "vitest";
import type { Zone } from "../../../src/aws/api.js";
import { lookAtZones } from "../../../src/commands/shared/planned-zones.js";
import type { RecordSet } from "../../../src/model/traffic.js";

const set = (Name: string, Type: string, more: Partial<RecordSet> = {}): RecordSet => ({
  ...{ Name, Type, TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] },
  ...more,
});
const zones: (Zone & { sets: RecordSet[] })[] = [
  {
    ...{ id: "Z1", name: "acme.example.", private: false },
    sets: [
      ...[set("app.acme.example.", "A"), set("app.acme.example.", "AAAA"), set("\\052.acme.example.", "A")],
      set("eu.acme.example.", "A", { SetIdentifier: "frankfurt", Region: "eu-central-1" }),
    ],
  },
  { ...{ id: "Z2", name: "acme.example.", private: true }, sets: [set("app.acme.example.", "A")] },
];
/** Zones of this account; one that is shared with it is in no list. */
const route53 = (shared?: string) => ({
  findZone: async (id: string) => zones.find((zone) => zone.id === id) as Zone,
  zonesNamed: async (name: string) => zones.filter((zone) => zone.name === name && zone.id !== shared),
  recordSets: async (id: string) => zones.find((zone) => zone.id === id)?.sets ?? [],
});
const green = { values: ["198.51.100.1"] };
const moving = (zone: string, ...names: string[]) => [
  { zone, records: names.map((name) => ({ name, type: "A" as const, green })) },
];

describe("lookAtZones", () => {
  it("finds names however they are written, and what stays beside them in each zone of the name", async () => {
    const looked = await lookAtZones(moving("Z1", "App.acme.example", "*.acme.example."), route53());
    expect(looked.names.map(({ name, isPrivate }) => [name, isPrivate])).toEqual([
      ["app.acme.example.", false],
      ["*.acme.example.", false],
    ]);
    expect([...looked.zones.keys()]).toEqual(["Z1"]);
    expect(looked.parts).toMatchObject([{ zoneId: "Z1", zoneNames: 4 }]);
    expect(looked.staying.map(({ zoneId, type, beside }) => [zoneId, type, beside])).toEqual([
      ["Z1", "AAAA", "type"],
      ["Z2", "A", "zone"],
    ]);
  });

  it("looks at a zone that no list has", async () => {
    const looked = await lookAtZones(moving("Z1", "app.acme.example"), route53("Z1"));
    expect([...looked.zones.keys()]).toEqual(["Z1"]);
  });

  it("refuses all that can't be shifted at once, naming the sets", async () => {
    await expect(lookAtZones(moving("Z1", "eu.acme.example", "gone.acme.example"), route53())).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringMatching(
        /by Region \(record set "frankfurt"\)[\s\S]*gone\.acme\.example\. A doesn't exist/,
      ),
    });
  });
});
