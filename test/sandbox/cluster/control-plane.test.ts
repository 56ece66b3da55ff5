import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTimeOf } from "../../../src/host/process-identity.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { ensureBinaries } from "../../../src/sandbox/binaries/ensure.js";
import { runCommand } from "../../../src/sandbox/binaries/run-command.js";
import { type Api, apiOf } from "../../../src/sandbox/cluster/api.js";
import {
  type ControlPlane,
  ruinControlPlane,
  startControlPlane,
  stopComponents,
  stopControlPlane,
} from "../../../src/sandbox/cluster/control-plane.js";
import { addNodes, heartbeat, loseNetwork, mend, reachablePods } from "../../../src/sandbox/cluster/node-life.js";
import { type NodeGroup, nodeName } from "../../../src/sandbox/cluster/nodes.js";
import { listProcesses } from "../../../src/sandbox/processes/processes.js";

const instance = (id: string, zone: string, privateIp: string) => ({ id, zone, privateIp });
const good = instance("i-0000000000000000a", "eu-central-1a", "10.0.1.5");
const bad = instance("i-0000000000000000b", "eu-central-1b", "10.0.2.5");
const groups: NodeGroup[] = [
  { name: "nodes", role: "node", instanceType: "m5.xlarge", instances: [good] },
  {
    name: "syslog",
    role: "node",
    instanceType: "m5.large",
    instances: [bad],
    labels: { tier: "syslog" },
    broken: true,
  },
];

let parent: string;
let dir: string;
let plane: ControlPlane;
let api: Api;
let close: () => Promise<void>;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "clustershift-plane-"));
  dir = join(parent, "blue");
  plane = await startControlPlane({ name: "blue", dir, version: "1.24.17", kwok: true, breakable: true, fsync: false });
  ({ api, close } = apiOf(plane.kubeconfigPath));
}, 3_600_000);

afterAll(async () => {
  const processes = await listProcesses(join(dir, "processes"));
  await close?.();
  await stopControlPlane(dir);
  expect(processes.filter(({ pid, startTime }) => startTimeOf(pid) === startTime)).toEqual([]);
  expect(await readdir(parent)).toEqual([]);
  await rm(parent, { recursive: true, force: true });
}, 60_000);

describe("startControlPlane", () => {
  it("says its version truly", async () => {
    expect(await api("GET", "/version")).toMatchObject({ gitVersion: "v1.24.17", major: "1", minor: "24" });
  });

  it("has every program recorded, running, and nothing listening beyond loopback", async () => {
    const running = (await listProcesses(join(dir, "processes"))).filter((process) => process.running);
    expect(running.map(({ name }) => name).sort()).toEqual([
      "etcd",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kwok-controller",
    ]);
    const listening = await listeningAddresses();
    for (const port of Object.values(plane.ports))
      expect({ port, on: listening.get(port) }).toEqual({ port, on: ["127.0.0.1"] });
  });

  it("logs who asked for what", async () => {
    await api("GET", "/api/v1/namespaces?limit=7");
    const lines = (await readFile(plane.auditLog ?? "", "utf8")).trim().split("\n");
    const own = lines
      .map((line) => JSON.parse(line))
      .find(({ requestURI }) => requestURI === "/api/v1/namespaces?limit=7");
    expect(own).toMatchObject({
      verb: "list",
      level: "Metadata",
      user: { groups: expect.arrayContaining(["system:masters"]) },
    });
  });
});

describe("nodes", () => {
  it("start pods, except on the broken one until it's mended", { timeout: 180_000 }, async () => {
    await addNodes(api, groups, plane.version);
    await addNodes(api, groups, plane.version);
    for (const [name, node] of [
      ["on-good", good],
      ["on-bad", bad],
    ] as const) {
      await api("POST", "/apis/apps/v1/namespaces/default/deployments", deployment(name, nodeName(node)));
    }
    await until(async () => (await phases("on-good")).join() === "Running,Running");
    // Bound, by the real scheduler, to a node that looks healthy.
    await until(async () => (await pods("on-bad")).every(({ spec }) => (spec as { nodeName?: string }).nodeName));
    for (let beat = 0; beat < 3; beat++) {
      await sleep(1_000);
      await heartbeat(api);
    }
    expect(await phases("on-bad")).toEqual(["Pending", "Pending"]);
    expect(await ready(nodeName(bad))).toBe("True");

    expect(await mend(api, [nodeName(good)])).toEqual([]);
    expect(await mend(api)).toEqual([nodeName(bad)]);
    await until(async () => (await phases("on-bad")).join() === "Running,Running");
    expect(await mend(api)).toEqual([]);
  });

  it("carry the labels and provider ids that they were given", async () => {
    const { metadata, spec } = (await api("GET", `/api/v1/nodes/${nodeName(bad)}`)) as KubeObject;
    expect(spec).toMatchObject({ providerID: `aws:///eu-central-1b/${bad.id}` });
    expect(metadata.labels).toMatchObject({
      tier: "syslog",
      "kops.k8s.io/instancegroup": "syslog",
      "topology.kubernetes.io/region": "eu-central-1",
    });
  });
});

describe("a cluster that is broken for good", () => {
  it("first loses its network: its controllers take every Pod out of the Services", async () => {
    await api("POST", "/api/v1/namespaces/default/services", {
      ...{ apiVersion: "v1", kind: "Service", metadata: { name: "on-bad" } },
      spec: { selector: { app: "on-bad" }, ports: [{ port: 80 }] },
    });
    await until(async () => (await reachablePods(api)) === 2);
    await stopComponents(dir, ["kwok-controller"]);
    expect(await loseNetwork(api)).toBeGreaterThanOrEqual(4);
    await until(async () => (await reachablePods(api)) === 0);
    expect(await ready(nodeName(good))).toBe("False");
  });

  it("then its API server and etcd, whose data nobody can read again", async () => {
    await ruinControlPlane(dir, "blue");
    expect((await listProcesses(join(dir, "processes"))).filter(({ running }) => running)).toEqual([]);
    await expect(api("GET", "/version")).rejects.toThrow(/ECONN/);
    const { etcd } = await ensureBinaries(["etcd"]);
    const data = ["--data-dir", join(dir, "kwokctl/clusters/blue/etcd"), "--force-new-cluster"];
    const nowhere = ["--listen-client-urls", "http://127.0.0.1:0", "--listen-peer-urls", "http://127.0.0.1:0"];
    const advertised = ["--advertise-client-urls", "http://127.0.0.1:0"];
    await expect(runCommand(etcd, [...data, ...nowhere, ...advertised])).rejects.toThrow(
      /Panic[\s\S]*storage\/backend/,
    );
  });
});

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(100);
}

async function pods(app: string): Promise<KubeObject[]> {
  const list = (await api("GET", `/api/v1/namespaces/default/pods?labelSelector=app%3D${app}`)) as {
    items: KubeObject[];
  };
  return list.items.length === 2
    ? list.items
    : [{ apiVersion: "v1", kind: "Pod", metadata: { name: "none" }, spec: {} }];
}

async function phases(app: string): Promise<unknown[]> {
  return (await pods(app)).map(({ status }) => (status as { phase?: string } | undefined)?.phase);
}

async function ready(node: string): Promise<string | undefined> {
  const { status } = (await api("GET", `/api/v1/nodes/${node}`)) as KubeObject;
  const { conditions } = status as { conditions: { type: string; status: string }[] };
  return conditions.find(({ type }) => type === "Ready")?.status;
}

function deployment(name: string, node: string): KubeObject {
  const labels = { app: name };
  const spec = {
    nodeSelector: { "kubernetes.io/hostname": node },
    containers: [{ name: "app", image: "registry.example/app:1" }],
  };
  const template = { metadata: { labels }, spec };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { replicas: 2, selector: { matchLabels: labels }, template },
  };
}

/** Ports that are listened on, and the addresses, from /proc/net/tcp*. */
async function listeningAddresses(): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (await readFile(file, "utf8")).split("\n").slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      const [address, port] = (local ?? "").split(":");
      if (state !== "0A" || !address || !port) continue;
      const number = Number.parseInt(port, 16);
      found.set(number, [...(found.get(number) ?? []), address === "0100007F" ? "127.0.0.1" : address]);
    }
  }
  return found;
}
