import { describe, expect, it } from "vitest";
import type { TxtAffix } from "../../../src/model/external-dns.js";
import type { RecordSet } from "../../../src/model/traffic.js";
import { givenTo, registered, registryNames } from "../../../src/traffic/external-dns/registry.js";

const affix = (parts: Partial<TxtAffix>): TxtAffix => ({ prefix: "", suffix: "", wildcard: "", ...parts });
const app = { name: "app.acme.example.", type: "A" };
const txt = (Name: string, value: string, more: Partial<RecordSet> = {}): RecordSet => ({
  ...{ Name, Type: "TXT", TTL: 300, ResourceRecords: [{ Value: `"${value}"` }] },
  ...more,
});
const heritage = (owner: string, resource = "ingress/shop/web") =>
  `heritage=external-dns,external-dns/owner=${owner},external-dns/resource=${resource}`;

describe("registryNames", () => {
  it.each<[string, { name: string; type: string }, Partial<TxtAffix>, string[]]>([
    ["an address", app, {}, ["a-app.acme.example.", "cname-app.acme.example.", "app.acme.example."]],
    ["an IPv6 address, which was never without its type", { ...app, type: "AAAA" }, {}, ["aaaa-app.acme.example."]],
    ["a CNAME", { ...app, type: "CNAME" }, {}, ["cname-app.acme.example.", "app.acme.example."]],
    [
      "a prefix",
      { ...app, type: "CNAME" },
      { prefix: "xdns-" },
      ["xdns-cname-app.acme.example.", "xdns-app.acme.example."],
    ],
    ["a prefix that is a label", { ...app, type: "AAAA" }, { prefix: "Owner." }, ["owner.aaaa-app.acme.example."]],
    ["a suffix", { ...app, type: "AAAA" }, { suffix: "-owner" }, ["aaaa-app-owner.acme.example."]],
    [
      "the type in the prefix",
      { ...app, type: "AAAA" },
      { prefix: "%{record_type}-abc-." },
      ["aaaa-abc-.app.acme.example.", "-abc-.aaaa-app.acme.example."],
    ],
    [
      "the type in the suffix",
      { ...app, type: "AAAA" },
      { suffix: "-.%{record_type}" },
      ["app-.aaaa.acme.example.", "aaaa-app-..acme.example."],
    ],
    ["a wildcard", { name: "\\052.acme.example.", type: "AAAA" }, {}, ["aaaa-*.acme.example."]],
    [
      "a wildcard's replacement",
      { name: "*.acme.example.", type: "AAAA" },
      { wildcard: "any" },
      ["aaaa-any.acme.example."],
    ],
  ])("of %s", (_, name, parts, names) => {
    expect(registryNames(name, affix(parts))).toEqual(names);
  });
});

describe("registered", () => {
  it("takes what external-dns has written about that name, and nothing else", () => {
    const mine = txt("a-app.acme.example.", heritage("one"));
    const old = txt("App.acme.example.", heritage("one"));
    const zone = [
      mine,
      old,
      txt("app.acme.example.", "v=spf1 -all"),
      txt("a-app.acme.example.", "heritage=other,external-dns/owner=one"),
      txt("aaaa-app.acme.example.", heritage("one")),
      txt("a-myapp.acme.example.", heritage("one")),
      { ...mine, Type: "SPF" },
    ];
    const { sets, owned } = registered(app, zone);
    expect(sets).toEqual([mine, old]);
    const common = { ...app, owner: "one", resource: "ingress/shop/web" };
    expect(owned).toEqual([
      { ...common, txt: "a-app.acme.example." },
      { ...common, txt: "app.acme.example." },
    ]);
  });

  it("finds it by another's prefix, each weighted set by itself", () => {
    const set = (SetIdentifier: string, owner: string) =>
      txt("x-a-app.acme.example.", heritage(owner), { SetIdentifier, Weight: 10 });
    expect(registered(app, [set("eu", "one"), set("us", "two")])).toEqual({ sets: [], owned: [] });
    expect(
      registered(app, [set("eu", "one"), set("us", "two")], [affix({ prefix: "x-" })]).owned.map(
        ({ setIdentifier, owner }) => [setIdentifier, owner],
      ),
    ).toEqual([
      ["eu", "one"],
      ["us", "two"],
    ]);
  });
});

describe("givenTo", () => {
  it("writes the new owner, and nothing else", () => {
    const set = txt("a-app.acme.example.", heritage("blue"), { SetIdentifier: "eu", Weight: 7 });
    expect(givenTo(set, { blue: "gr$&en" })).toEqual(
      txt("a-app.acme.example.", heritage("gr$&en"), { SetIdentifier: "eu", Weight: 7 }),
    );
  });

  it.each([
    ["another owner's", txt("a-app.acme.example.", heritage("bluer"))],
    ["nobody's", txt("app.acme.example.", "external-dns/owner=blue")],
  ])("leaves %s as it is", (_, set) => {
    expect(givenTo(set, { blue: "green" })).toBe(set);
  });
});
