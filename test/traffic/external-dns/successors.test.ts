import { describe, expect, it } from "vitest";
import type { ExternalDns } from "../../../src/model/external-dns.js";
import { registriesOf } from "../../../src/traffic/external-dns/successors.js";

const instance = (name: string, owner?: string): ExternalDns => ({
  ...{ object: { group: "apps", kind: "Deployment", namespace: "dns", name }, runs: true, policy: "sync" },
  ...{ registry: "txt", encrypted: false, dryRun: false, recordTypes: [], zoneIds: [], zoneType: "", unread: [] },
  ...{ domains: { include: [], exclude: [] }, prefix: `${name}-`, suffix: "", wildcard: "" },
  ...(owner !== undefined && { owner }),
});
const owners = (blue: ExternalDns[], green: ExternalDns[]) => registriesOf({ blue, green }).owners;

describe("registriesOf", () => {
  it("has the names of both clusters' registries", () => {
    const { affixes } = registriesOf({ blue: [instance("a", "x")], green: [instance("b", "x")] });
    expect(affixes.map(({ prefix }) => prefix)).toEqual(["a-", "b-"]);
  });

  it.each<[string, ExternalDns[], ExternalDns[], Record<string, string>]>([
    ["the only one", [instance("a", "x")], [instance("b", "y")], { x: "y" }],
    ["the one of the same name", [instance("a", "x"), instance("b", "z")], [instance("b", "y")], { z: "y" }],
    ["nobody, of several", [instance("a", "x")], [instance("b", "y"), instance("c", "w")], {}],
    ["nobody, where both have one id", [instance("a", "x")], [instance("a", "x")], {}],
    ["nobody, where an id isn't known", [instance("a")], [instance("a", "x")], {}],
    ["nobody, where none is on green", [instance("a", "x")], [], {}],
  ])("lets %s follow", (_, blue, green, followed) => {
    expect(owners(blue, green)).toEqual(followed);
  });
});
