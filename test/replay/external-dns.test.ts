import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { externalDnsOf } from "../../src/replay/external-dns.js";

const deployment = (container: object, more: object = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "external-dns", namespace: "dns" },
  spec: {
    template: {
      spec: {
        containers: [
          { image: "proxy:1" },
          { image: "registry.k8s.io/external-dns/external-dns:v0.14.0", ...container },
        ],
      },
    },
  },
  ...more,
});

describe("externalDnsOf", () => {
  it("has external-dns's own defaults", () => {
    expect(externalDnsOf(deployment({}))).toEqual({
      object: { group: "apps", kind: "Deployment", namespace: "dns", name: "external-dns" },
      ...{ runs: true, policy: "sync", registry: "txt", encrypted: false, dryRun: false, owner: "default" },
      ...{ recordTypes: ["A", "AAAA", "CNAME"], domains: { include: [], exclude: [] }, zoneIds: [], zoneType: "" },
      ...{ prefix: "", suffix: "", wildcard: "", unread: [] },
    });
  });

  it("reads arguments, each way of writing them", () => {
    const args = [
      ...["--provider=aws", "--policy", "upsert-only", "--registry=txt", "--txt-owner-id=$(ID)-eu", "--txt-prefix=x."],
      ...[
        "--domain-filter=acme.example",
        "--domain-filter=other.example",
        "--exclude-domains=a.acme.example,b.acme.example",
      ],
      ...[
        "--zone-id-filter=Z1",
        "--aws-zone-type=private",
        "--managed-record-types=A",
        "--dry-run",
        "--txt-encrypt-enabled=false",
      ],
    ];
    const env = [
      { name: "ID", value: "blue" },
      { name: "EXTERNAL_DNS_POLICY", value: "create-only" },
    ];
    expect(externalDnsOf(deployment({ args, env }))).toMatchObject({
      ...{
        provider: "aws",
        policy: "upsert-only",
        owner: "blue-eu",
        prefix: "x.",
        zoneIds: ["Z1"],
        zoneType: "private",
      },
      domains: { include: ["acme.example", "other.example"], exclude: ["a.acme.example", "b.acme.example"] },
      ...{ recordTypes: ["A"], dryRun: true, encrypted: false, unread: [] },
    });
  });

  it("reads its environment where no argument says it", () => {
    const env = [
      ...[
        { name: "EXTERNAL_DNS_TXT_OWNER_ID", value: "blue" },
        { name: "EXTERNAL_DNS_DRY_RUN", value: "1" },
      ],
      { name: "EXTERNAL_DNS_DOMAIN_FILTER", value: "acme.example\nother.example" },
    ];
    expect(externalDnsOf(deployment({ env, args: ["--no-dry-run"] }))).toMatchObject({
      ...{ owner: "blue", dryRun: false, domains: { include: ["acme.example", "other.example"] } },
    });
  });

  it("says what it can't read", () => {
    const env = [{ name: "EXTERNAL_DNS_TXT_OWNER_ID", valueFrom: { configMapKeyRef: { name: "dns", key: "id" } } }];
    const read = externalDnsOf(deployment({ env }));
    expect(read?.unread).toEqual(["txt-owner-id"]);
    expect(read).not.toHaveProperty("owner");
  });

  it.each<[string, object, boolean]>([
    ["runs by default", {}, true],
    ["doesn't at 0", { replicas: 0 }, false],
    ["still does while it goes", { replicas: 0, left: 1 }, true],
  ])("%s", (_, { replicas, left }: { replicas?: number; left?: number }, runs) => {
    const object = deployment({}, { status: { replicas: left } });
    const spec = { ...(object.spec as object), ...(replicas !== undefined && { replicas }) };
    expect(externalDnsOf({ ...object, spec })?.runs).toBe(runs);
  });

  it("is no other program, and no ReplicaSet of a Deployment", () => {
    const other = deployment({ image: "nginx" });
    expect(externalDnsOf(other)).toBeUndefined();
    const { metadata } = other;
    const ownerReferences = [
      { ...{ apiVersion: "apps/v1", kind: "Deployment", name: "d", uid: "u" }, controller: true },
    ];
    const set = { ...deployment({}), kind: "ReplicaSet", metadata: { ...metadata, ownerReferences } };
    expect(externalDnsOf(set)).toBeUndefined();
  });
});
