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
});
