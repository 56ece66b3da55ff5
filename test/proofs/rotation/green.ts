import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../../src/model/objects.js";
import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import { launchGroup, terminate } from "../../../src/sandbox/aws/instances.js";
import { apiOf } from "../../../src/sandbox/cluster/api.js";
import type { ControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import { addNodes } from "../../../src/sandbox/cluster/node-life.js";
import type { NodeGroup, Taint } from "../../../src/sandbox/cluster/nodes.js";
import { provisionVolumes } from "../../../src/sandbox/daemon/provisioner.js";
import type { FoundationOutputs } from "../../../stacks/outputs.js";
import { region, type World } from "../engine/world.js";

/** A group of nodes, as the settings of a cluster's stack have it. */
export interface GroupSettings {
  name: string;
  max: number;
  taints?: Taint[];
  subnets?: "public";
}

/**
 * What EKS's machines would bring once a stack has asked for them: instances in the groups' subnets, their nodes, and an address of the
 * cluster's DNS. They go with the first of the cluster's node groups that is deleted, as autoscaling groups take theirs along.
 */
export async function standGreen(
  world: World,
  { kubeconfigPath, version }: ControlPlane,
  { name, groups }: { name: string; groups: GroupSettings[] },
  { privateSubnets, publicSubnets }: Pick<FoundationOutputs, "privateSubnets" | "publicSubnets">,
): Promise<string[]> {
  const { ec2 } = emulatorClients(world.front.internalEndpoint, region);
  const ids: string[] = [];
  const nodes: NodeGroup[] = [];
  for (const { name: group, max: count, taints, subnets } of groups) {
    const places = (subnets === "public" ? publicSubnets : privateSubnets).map(({ id, zone }) => ({
      subnetId: id,
      zone,
    }));
    const instances = await launchGroup(ec2, { cluster: name, colour: "green", group, count, subnets: places });
    ids.push(...instances.map(({ id }) => id));
    const labels = { "clustershift.io/group": group };
    nodes.push({ name: group, role: "node", instanceType: "m5.large", instances, labels, ...(taints && { taints }) });
  }
  const { api, close } = apiOf(kubeconfigPath);
  try {
    await addNodes(api, nodes, version);
    await api("POST", "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices", dns);
  } finally {
    await close();
  }
  let going = false;
  world.front.observers.push(({ request: { service, method, path }, ending }) => {
    if (service !== "eks" || method !== "DELETE" || ending !== "done") return;
    if (going || !path.startsWith(`/clusters/${name}/node-groups/`)) return;
    going = true;
    void terminate(ec2, ids);
  });
  return ids;
}

const dns: KubeObject = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "kube-dns-1", namespace: "kube-system", labels: { "kubernetes.io/service-name": "kube-dns" } },
  addressType: "IPv4",
  endpoints: [{ addresses: ["10.20.0.10"], conditions: { ready: true } }],
  ports: [{ name: "dns", port: 53, protocol: "UDP" }],
};

/** The EBS CSI driver's part, for as long as `use` takes: claims get volumes. */
export async function withVolumes<T>({ kubeconfigPath }: ControlPlane, use: () => Promise<T>): Promise<T> {
  const { api, close } = apiOf(kubeconfigPath);
  const stop = new AbortController();
  const plays = (async () => {
    while (!stop.signal.aborted) {
      await provisionVolumes(api);
      await sleep(500, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  try {
    return await use();
  } finally {
    stop.abort();
    await plays.finally(close);
  }
}
