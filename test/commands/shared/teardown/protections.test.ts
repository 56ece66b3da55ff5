import { expect, it } from "vitest";
import { greenNeeds, tellingKinds } from "../../../../src/commands/shared/teardown/green-needs.js";
import { configuredNeeds } from "../../../../src/commands/shared/teardown/protections.js";
import { parseConfig } from "../../../../src/config/parse.js";
import type { JournalEntry, JournalRecord } from "../../../../src/model/journal.js";
import type { KubeObject } from "../../../../src/model/objects.js";

const listener = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/edge/50dc6c495c0c9188/f2f7dc8e";
const yaml = `
apiVersion: clustershift.dev/v1
environment: acme production
blue:
  name: blue.acme.example
  context: blue
  teardown:
    keep: [vol-0123456789abcdef0]
green: { name: acme-1-35, version: "1.35", stack: { kind: sandbox } }
aws: { region: eu-central-1 }
traffic:
  route53:
    - zone: Z1
      records: [{ name: App.acme.example, green: { values: [192.0.2.10] } }]
  loadBalancers:
    - { listener: "${listener}", green: { targetGroup: green-web } }
    - { listener: { loadBalancer: shared-edge, port: 443 }, green: { targetGroup: green-api } }
`;
const config = parseConfig(yaml, "clustershift.yaml");

it("keeps what the configuration names: records, load balancers, target groups, addresses, and blue.teardown.keep", () => {
  const needed = configuredNeeds(config, undefined, []);
  for (const id of [
    "app.acme.example. a",
    "192.0.2.10",
    "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/edge/50dc6c495c0c9188",
    "shared-edge",
    "green-web",
    "green-api",
    "vol-0123456789abcdef0",
  ])
    expect([...needed.keys()]).toContain(id);
});

it("keeps what this run has handed over to green, until a way back gives it back to blue", () => {
  const after = { claim: "shop/a", strategy: "hand-over", volume: "pv-a", handle: "vol-0aa", reclaimPolicy: "Delete" };
  const step = "volumes-1/bind/shop/a";
  const intent = { type: "intent", step, phase: "volumes", what: "", target: "", before: null, after } as const;
  const returned = { type: "event", phase: "volumes", event: "returned", data: {} } as const;
  const numbered = (records: JournalRecord[]) =>
    records.map((each, seq): JournalEntry => ({ ...each, seq, at: "", sum: "" }));
  expect(configuredNeeds(config, undefined, numbered([intent])).get("vol-0aa")).toBe(
    "this run has handed it over to green",
  );
  expect(configuredNeeds(config, undefined, numbered([intent, returned])).has("vol-0aa")).toBe(false);
});

const volumes = { group: "", version: "v1", kind: "PersistentVolume", resource: "persistentvolumes" };
const nodes = { group: "", version: "v1", kind: "Node", resource: "nodes" };
const served = [volumes, nodes].map((each) => ({ ...each, namespaced: false, verbs: ["list"], subresources: [] }));

it("keeps what green's objects and the interfaces of its instances name", async () => {
  const objects: Record<string, KubeObject[]> = {
    Node: [
      { apiVersion: "v1", kind: "Node", metadata: { name: "a" }, spec: { providerID: "aws:///z/i-0123456789abcdef0" } },
    ],
    PersistentVolume: [
      { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "data" }, spec: { x: "vol-0123456789abcdef0" } },
    ],
  };
  const asked: string[] = [];
  const kube = {
    async *pages({ kind }: { kind: string }) {
      yield { items: objects[kind] ?? [], resourceVersion: "1" };
    },
  };
  const cloud = {
    async interfacesOf(ids: readonly string[]) {
      asked.push(...ids);
      return [{ Groups: [{ GroupId: "sg-0123456789abcdef0" }], PrivateIpAddress: "10.0.0.7" }];
    },
  };
  const needed = await greenNeeds(kube, served, cloud, new AbortController().signal);
  expect(asked).toEqual(["i-0123456789abcdef0"]);
  expect(needed.get("vol-0123456789abcdef0")).toBe("green's PersistentVolume data needs it");
  expect(needed.get("sg-0123456789abcdef0")).toBe("green's instances need it");
  expect(needed.has("10.0.0.7")).toBe(true);
});

it("knows nothing of a green that can't say all that it serves", async () => {
  const discover = (groupVersion: string) => async () => ({
    resources: served,
    broken: [{ groupVersion, reason: "down" }],
  });
  await expect(tellingKinds({ name: "green", discover: discover("elbv2.k8s.aws/v1beta1") })).rejects.toMatchObject({
    code: "cluster-unreachable",
  });
  const kinds = await tellingKinds({ name: "green", discover: discover("metrics.k8s.io/v1beta1") });
  expect(kinds.map(({ kind }) => kind)).toEqual(["PersistentVolume", "Node"]);
});
