import { expect, it } from "vitest";
import { type Colour, freePlace, withPublicIps } from "../../src/sandbox/places.js";

const sandbox = { name: "team-a", addresses: { blue: "127.9.9.1", green: "127.9.9.2", dns: "127.9.9.53" } };
const standing = (...colours: Colour[]) => colours.map((colour) => ({ name: `the-${colour}`, colour }));

it.each<[Colour[], Colour, string]>([
  [["blue"], "green", "127.9.9.2"],
  [["green"], "blue", "127.9.9.1"],
  [[], "green", "127.9.9.2"],
])("beside %j there is room for %s", (colours, colour, address) => {
  expect(freePlace(sandbox, standing(...colours))).toEqual({ colour, address });
});

it("has room for no third cluster, and says which two there are", () => {
  expect(() => freePlace(sandbox, standing("blue", "green"))).toThrow(/the-blue and the-green/);
});

it("gives each instance of two clusters an address of its own, none of them an edge's or the name server's", () => {
  const twelve = Array.from({ length: 12 }, (_, id) => ({ id }));
  const given = (["blue", "green"] as const).flatMap((colour) =>
    withPublicIps(twelve, { colour, address: sandbox.addresses[colour] }).map(({ publicIp }) => publicIp),
  );
  expect(new Set([...given, ...Object.values(sandbox.addresses)]).size).toBe(27);
  for (const address of given) expect(address).toMatch(/^127\.9\.9\.(1\d\d|2[0-4]\d|25[0-4])$/);
});
