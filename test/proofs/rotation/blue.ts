import { writeFile } from "node:fs/promises";
import { productionFor } from "../../../examples/production/aged/index.js";
import { connect } from "../../../src/kube/connect.js";
import { bluePermissions } from "../../../src/kube/permissions.js";
import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import { seedProduction } from "../../../src/sandbox/aws/seed.js";
import { apiOf } from "../../../src/sandbox/cluster/api.js";
import type { ControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import { addNodes } from "../../../src/sandbox/cluster/node-life.js";
import { createIdentity } from "../../../src/sandbox/identity.js";
import { addressGroup, groups, hosts, nodeGroups, recordTtl } from "../../../src/sandbox/topology.js";
import { applyWorkload } from "../../../src/sandbox/workload.js";
import { region, type World } from "../engine/world.js";

/** A blue as kops makes them, and as init is told of it. */
export interface Blue {
  name: string;
  zone: string;
  kubeconfig: string;
  instanceIds: string[];
}

const zone = "acme.example.";

/** The sandbox's production in an account of the world's, with nodes on its instances. */
export async function standBlue(world: World, plane: ControlPlane): Promise<Blue> {
  const name = `blue.${zone.replace(/\.$/, "")}`;
  const seeded = await seedProduction(emulatorClients(world.front.internalEndpoint, region), {
    ...{ zone, hosts, edgeAddress: "203.0.113.10", ttl: recordTtl, cluster: name, colour: "blue", addressGroup },
    availabilityZones: ["a", "b", "c"].map((each) => `${region}${each}`),
    groups: groups.map(({ name: group, count }) => ({ name: group, count })),
  });
  const { api, close } = apiOf(plane.kubeconfigPath);
  await addNodes(api, nodeGroups(seeded.instances), plane.version).finally(close);
  const kube = await connect({ kubeconfig: plane.kubeconfigPath, context: "blue", env: process.env });
  await applyWorkload(kube, productionFor(plane.version).objects, new Date()).finally(() => kube.close());
  const kubeconfig = await readOnlyIdentity(plane, "blue");
  return { name, zone, kubeconfig, instanceIds: seeded.instances.map(({ id }) => id) };
}

/** What a platform team makes by `clustershift permissions blue`. Resolves to a kubeconfig whose one context is the cluster's own. */
export async function readOnlyIdentity(
  { kubeconfigPath }: ControlPlane,
  name: string,
  context = name,
): Promise<string> {
  const kube = await connect({ kubeconfig: kubeconfigPath, context: name, env: process.env });
  try {
    const permissions = bluePermissions();
    const identity = await createIdentity({
      ...{ kube, adminKubeconfig: kubeconfigPath, permissions, context, now: new Date() },
    });
    const file = `${kubeconfigPath}.read-only`;
    await writeFile(file, identity, { mode: 0o600 });
    return file;
  } finally {
    await kube.close();
  }
}
