import { expect, it } from "vitest";
import type { AwsApi } from "../../../src/aws/api.js";
import type { BlueNow } from "../../../src/commands/shared/blue-now.js";
import type { Project } from "../../../src/commands/shared/project.js";
import { resolveTargets } from "../../../src/commands/shared/targets.js";
import type { KubeReader } from "../../../src/kube/api.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { soundEvidence } from "../../run/evidence.js";

const resource = { group: "", version: "v1", kind: "Node", resource: "nodes", namespaced: false };
const reader = (nodes: KubeObject[]) => ({
  discover: async () => ({ resources: [{ ...resource, verbs: ["list"], subresources: [] }], broken: [] }),
  async *pages() {
    yield { items: nodes, resourceVersion: "" };
  },
  close: async () => {},
});
const node = (name: string, instance: string): KubeObject => ({
  ...{ apiVersion: "v1", kind: "Node", spec: { providerID: `aws:///eu-central-1a/${instance}` } },
  metadata: {
    name,
    labels: { "kops.k8s.io/instancegroup": "syslog", "topology.kubernetes.io/zone": "eu-central-1a" },
  },
});
const project = {
  config: { traffic: { route53: [], loadBalancers: [], elasticIps: [{ group: "syslog" }], manual: [] } },
} as unknown as Project;
const address = { allocationId: "eipalloc-1", publicIp: "192.0.2.7", instanceId: "i-b1" };
const aws = { ec2: { addresses: async () => [address] } } as unknown as AwsApi;
const green = { record: soundEvidence().green, kube: reader([node("g", "i-c1")]) as unknown as KubeReader };
const dead = (nodes: KubeObject[]): BlueNow => ({ ...reader(nodes), dead: "connection refused" });

it("addresses of a dead blue are found by the nodes that are left of it", async () => {
  expect(await resolveTargets(project, aws, green, dead([node("b", "i-b1")]))).toMatchObject([
    { kind: "elastic-ip", publicIp: "192.0.2.7", zone: "eu-central-1a", greenInstanceId: "i-c1" },
  ]);
});

it("where none are left that is said, and not that the group has no addresses", async () => {
  await expect(resolveTargets(project, aws, green, dead([]))).rejects.toMatchObject({
    code: "config-invalid",
    message: expect.stringContaining("its bundle has no Nodes"),
    fix: expect.stringContaining("--from nodes.yaml"),
  });
});
