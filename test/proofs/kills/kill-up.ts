import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import type { Report } from "../../../scripts/proofs.js";
import { apiOf } from "../../../src/sandbox/cluster/api.js";
import type { ControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import { addNodes } from "../../../src/sandbox/cluster/node-life.js";
import type { NodeGroup } from "../../../src/sandbox/cluster/nodes.js";
import { nodeCommand } from "../../../src/sandbox/self.js";
import { Workplace } from "../../harness/clustershift.js";
import { defineVelero } from "../engine/api-server.js";
import {
  exampleCluster,
  exampleFoundation,
  foundationStack,
  programOf,
  type RawCluster,
} from "../engine/configurations.js";
import { openWorld, region, seed } from "../engine/world.js";
import { killedOften, type Outcome } from "./killed-often.js";
import { moments } from "./moments.js";

export interface KillUp {
  folder: string;
  pulumiRoot: string;
  report: Report;
  /** Where green's API is found, once its stack has made an EKS cluster. */
  server: ControlPlane;
  kills: number;
}

/** `clustershift up` itself, of a project whose green is an EKS stack, on a foundation that stands. */
export async function killUp({ folder, pulumiRoot, report, server, kills }: KillUp): Promise<Outcome> {
  const place = join(folder, "work");
  const world = await openWorld(join(folder, "world"), pulumiRoot, join(place, ".clustershift", "pulumi"));
  try {
    await seed(world);
    const raw = await exampleCluster("1.35");
    await world.place(raw.name, server.kubeconfigPath);
    await defineVelero(server.kubeconfigPath, "green");
    await standIn(server, raw);
    await (await world.open(foundationStack, await exampleFoundation())).up();
    report("the foundation stands");

    const { name, version, ...settings } = raw;
    const config = {
      apiVersion: "clustershift.dev/v1",
      environment: "example production",
      blue: { name: "blue.example.com", context: "blue" },
      green: { name, version, stack: { kind: "eks", settings } },
      aws: { region, endpoint: world.env.AWS_ENDPOINT_URL },
      record: { green: false },
    };
    await writeFile(join(place, "clustershift.yaml"), stringify(config));
    await mkdir(join(place, "blue"));
    await writeFile(join(place, "blue", "shop.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n");
    const env = {
      ...process.env,
      ...world.env,
      PATH: [world.env.CLUSTERSHIFT_TEST_PLUGINS, join(pulumiRoot, "bin"), process.env.PATH].join(delimiter),
      PULUMI_HOME: world.state.pulumiHome,
      PULUMI_CONFIG_PASSPHRASE: world.state.passphrase,
    };
    const person = new Workplace(place, env);
    await person.succeed("plan", "--from", "blue", "--from-version", "1.24");
    await person.succeed("approve", "--by", "somebody");
    const file = join(place, "clustershift.yaml");
    const command = nodeCommand("../../../src/main", import.meta.url, "up", "--config", file);
    const started = { ...command, env };
    return await killedOften({
      world,
      stackName: name,
      program: programOf(raw),
      command: started,
      moments,
      kills,
      report,
    });
  } finally {
    await world.close();
  }
}

/** What EKS's machines would bring into the cluster: nodes of each group in each zone, and an address of its DNS. */
async function standIn({ kubeconfigPath, version }: ControlPlane, { groups }: RawCluster): Promise<void> {
  const { api, close } = apiOf(kubeconfigPath);
  try {
    const nodes = groups.map(({ name }, group): NodeGroup => {
      const instances = ["a", "b", "c"].map((zone, index) => ({
        id: `i-${group}${index}`,
        zone: `${region}${zone}`,
        privateIp: `10.20.${group}.${index + 10}`,
      }));
      return { name, role: "node", instanceType: "m6i.large", instances, labels: { "clustershift.io/group": name } };
    });
    await addNodes(api, nodes, version);
    const metadata = {
      name: "kube-dns-1",
      namespace: "kube-system",
      labels: { "kubernetes.io/service-name": "kube-dns" },
    };
    const endpoints = [{ addresses: ["10.20.0.10"], conditions: { ready: true } }];
    await api("POST", "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices", {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata,
      addressType: "IPv4",
      endpoints,
      ports: [{ name: "dns", port: 53, protocol: "UDP" }],
    });
  } finally {
    await close();
  }
}
