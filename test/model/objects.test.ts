import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiVersionOf, groupOf, kindKey, refKey, refOf, versionOf } from "../../src/model/objects.js";
import { targetKey } from "../../src/model/traffic.js";

describe("apiVersions", () => {
  it.each([
    ["v1", "", "v1"],
    ["apps/v1", "apps", "v1"],
    ["acme.example/v1beta1", "acme.example", "v1beta1"],
  ])("%s is group %j, version %j, and back", (apiVersion, group, version) => {
    expect([groupOf(apiVersion), versionOf(apiVersion)]).toEqual([group, version]);
    expect(apiVersionOf(group, version)).toBe(apiVersion);
  });
});

describe("refKey", () => {
  it.each([
    [{ group: "apps", kind: "Deployment", namespace: "shop", name: "web" }, "Deployment.apps shop/web"],
    [{ group: "", kind: "Namespace", name: "shop" }, "Namespace shop"],
    [
      { group: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:a/b" },
      "ClusterRole.rbac.authorization.k8s.io system:a/b",
    ],
  ])("names %j as %s", (ref, key) => {
    expect(refKey(ref)).toBe(key);
  });

  it("is another for each other object of one scope", () => {
    const label = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/);
    const ref = fc.record({
      group: fc.constantFrom("", "apps", "a.b"),
      kind: fc.constantFrom("Pod", "Job"),
      namespace: label,
      name: label,
    });
    fc.assert(
      fc.property(ref, ref, (a, b) => {
        expect(refKey(a) === refKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});

describe("refOf", () => {
  it.each([
    ["shop", { group: "apps", kind: "Deployment", namespace: "shop", name: "web" }],
    [undefined, { group: "apps", kind: "Deployment", name: "web" }],
    ["", { group: "apps", kind: "Deployment", name: "web" }],
  ])("of an object in namespace %j", (namespace, ref) => {
    const metadata = { name: "web", uid: "u", ...(namespace !== undefined && { namespace }) };
    expect(refOf({ apiVersion: "apps/v1", kind: "Deployment", metadata })).toEqual(ref);
    expect(kindKey(ref)).toBe("Deployment.apps");
  });
});

describe("targetKey", () => {
  it("names records by zone, name and type, and addresses by their allocation", () => {
    expect(targetKey({ kind: "route53", zoneId: "Z1", name: "app.acme.example.", type: "A", green: [] })).toBe(
      "route53:Z1/app.acme.example./A",
    );
    const address = { publicIp: "192.0.2.1", group: "syslog", zone: "a", greenInstanceId: "i-1" };
    expect(targetKey({ kind: "elastic-ip", allocationId: "eipalloc-1", ...address })).toBe("elastic-ip:eipalloc-1");
  });
});
