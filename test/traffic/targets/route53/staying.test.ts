import { describe, expect, it } from "vitest";
import type { RecordSet } from "../../../../src/model/traffic.js";
import { type LookedAt, stayingRecords } from "../../../../src/traffic/targets/route53/staying.js";

const set = (Name: string, Type: string, SetIdentifier?: string): RecordSet => ({
  ...{ Name, Type, TTL: 60, ResourceRecords: [{ Value: "x" }] },
  ...(SetIdentifier !== undefined && { SetIdentifier }),
});
const zone = (id: string, isPrivate: boolean, sets: RecordSet[], moving: [string, string][]): LookedAt => ({
  zone: { id, name: "acme.example.", private: isPrivate },
  sets,
  names: moving.map(([name, type]) => ({ name, type })),
});

describe("stayingRecords", () => {
  it("finds another type of a name that moves, once for all of its sets", () => {
    const sets = [
      ...[set("App.acme.example.", "A"), set("app.acme.example.", "AAAA", "a"), set("app.acme.example.", "AAAA", "b")],
      ...[set("app.acme.example.", "HTTPS"), set("app.acme.example.", "TXT"), set("api.acme.example.", "AAAA")],
    ];
    const place = { zoneId: "Z1", name: "app.acme.example.", beside: "type", of: "A" };
    expect(stayingRecords([zone("Z1", false, sets, [["app.acme.example.", "A"]])])).toEqual([
      { ...place, type: "AAAA" },
      { ...place, type: "HTTPS" },
    ]);
  });

  it("finds the name in the zone of the same domain, private or public, that doesn't move", () => {
    const sets = [set("app.acme.example.", "A"), set("\\052.acme.example.", "CNAME"), set("other.acme.example.", "A")];
    const moving: [string, string][] = [
      ["app.acme.example.", "A"],
      ["*.acme.example.", "CNAME"],
    ];
    expect(stayingRecords([zone("Z1", false, sets, moving), zone("Z2", true, sets, [])])).toEqual([
      { zoneId: "Z2", name: "app.acme.example.", type: "A", beside: "zone", of: "public zone Z1" },
      { zoneId: "Z2", name: "*.acme.example.", type: "CNAME", beside: "zone", of: "public zone Z1" },
    ]);
  });

  it("says nothing where all of them move, nor of another domain", () => {
    const sets = [set("app.acme.example.", "A"), set("app.acme.example.", "AAAA")];
    const both: [string, string][] = [
      ["app.acme.example", "A"],
      ["APP.acme.example.", "AAAA"],
    ];
    const other = { ...zone("Z3", true, sets, []), zone: { id: "Z3", name: "app.acme.example.", private: true } };
    expect(stayingRecords([zone("Z1", false, sets, both), zone("Z2", true, sets, both), other])).toEqual([]);
  });
});
