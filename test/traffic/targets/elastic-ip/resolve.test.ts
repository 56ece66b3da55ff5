import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NodeInstance, pairAddresses } from "../../../../src/traffic/targets/elastic-ip/resolve.js";

const node = (name: string, zone: string): NodeInstance => ({
  node: name,
  group: "syslog",
  zone,
  instanceId: `i-${name}`,
});
const address = (name: string) => ({
  allocationId: `eipalloc-${name}`,
  publicIp: "192.0.2.1",
  instanceId: `i-${name}`,
});
const blue = [node("b2", "eu-1b"), node("b1", "eu-1a"), node("b3", "eu-1a")];

describe("pairAddresses", () => {
  it("pairs within a zone, in the order of names, each of green's nodes once", () => {
    const green = [node("g3", "eu-1a"), node("g1", "eu-1b"), node("g2", "eu-1a")];
    const pairs = pairAddresses("syslog", ["b1", "b2", "b3"].map(address), blue, green);
    expect(pairs.map(({ allocationId, greenInstanceId, zone }) => [allocationId, greenInstanceId, zone])).toEqual([
      ["eipalloc-b1", "i-g2", "eu-1a"],
      ["eipalloc-b2", "i-g1", "eu-1b"],
      ["eipalloc-b3", "i-g3", "eu-1a"],
    ]);
  });

  it("refuses where green has too few nodes in a zone", () => {
    const green = [node("g1", "eu-1a"), node("g2", "eu-1b"), node("g3", "eu-1b")];
    expect(() => pairAddresses("syslog", ["b1", "b3"].map(address), blue, green)).toThrow(/too few nodes in eu-1a/);
  });

  it("refuses a group without addresses", () => {
    expect(() => pairAddresses("syslog", [], blue, [])).toThrow(/has an Elastic IP/);
  });

  it("names every address that has no place, and the way out", () => {
    const green = [node("g1", "eu-1b")];
    const pair = () => pairAddresses("syslog", ["b1", "b2", "b3"].map(address), blue, green);
    expect(pair).toThrow(/now at b1.*\n.*now at b3/);
    try {
      pair();
    } catch (error) {
      expect(error).toMatchObject({ fix: expect.stringContaining("otherZones: true") });
    }
  });

  it("lets addresses leave their zone only where that has too few, each of green's nodes once, the same every time", () => {
    const zone = fc.constantFrom("eu-1a", "eu-1b", "eu-1c");
    const nodes = (colour: string, least: number) =>
      fc
        .array(zone, { minLength: least, maxLength: 6 })
        .map((zones) => zones.map((each, at) => node(`${colour}${at}`, each)));
    fc.assert(
      fc.property(nodes("b", 1), nodes("g", 0), fc.func(fc.integer()), (from, to, order) => {
        const addresses = from.map((each) => address(each.node));
        const pair = () => pairAddresses("syslog", addresses, from, to, true);
        if (to.length < from.length) {
          expect(pair).toThrow(/too few nodes: none is left/);
          return;
        }
        const pairs = pair();
        expect(new Set(pairs.map(({ allocationId }) => allocationId)).size).toBe(from.length);
        expect(new Set(pairs.map(({ greenInstanceId }) => greenInstanceId)).size).toBe(from.length);
        const zoneOf = new Map(to.map((each) => [each.instanceId, each.zone]));
        for (const name of ["eu-1a", "eu-1b", "eu-1c"]) {
          const own = pairs.filter((each) => each.zone === name);
          const stayed = own.filter(({ greenInstanceId }) => zoneOf.get(greenInstanceId) === name).length;
          expect(stayed).toBe(Math.min(own.length, to.filter((each) => each.zone === name).length));
        }
        const shuffled = [...to].sort((a, b) => order(a.node) - order(b.node));
        expect(pairAddresses("syslog", addresses, from, shuffled, true)).toEqual(pairs);
      }),
    );
  });
});
