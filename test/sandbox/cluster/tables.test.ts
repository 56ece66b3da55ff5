import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { kubernetesVersions } from "../../../src/sandbox/binaries/versions.js";
import { type Component, type KwokctlSettings, kwokctlConfig } from "../../../src/sandbox/cluster/kwokctl-config.js";
import { faultAnnotation, type NodeGroup, nodeName, nodesOf, spread } from "../../../src/sandbox/cluster/nodes.js";
import { chooseControlPlanePorts, freePorts } from "../../../src/sandbox/cluster/ports.js";

const settings: KwokctlSettings = {
  version: "1.24.17",
  ports: { apiServer: 1, etcd: 2, etcdPeer: 3, controllerManager: 4, scheduler: 5, kwok: 6 },
  programs: {
    etcd: "/bin/etcd",
    "kube-apiserver": "/bin/kube-apiserver",
    "kube-controller-manager": "/bin/kube-controller-manager",
    "kube-scheduler": "/bin/kube-scheduler",
    "kwok-controller": "/bin/kwok-controller",
  },
  kwok: true,
  fsync: true,
};

type Config = {
  options: Record<string, unknown>;
  componentsPatches: { name: string; extraArgs: { key: string; value: string }[] }[];
};

function config(changes: Partial<KwokctlSettings>): Config {
  return kwokctlConfig({ ...settings, ...changes }) as Config;
}

function argumentsOf(component: Component, changes: Partial<KwokctlSettings>): Record<string, string> {
  const patch = config(changes).componentsPatches.find(({ name }) => name === component);
  return Object.fromEntries((patch?.extraArgs ?? []).map(({ key, value }) => [key, value]));
}

describe("kwokctlConfig", () => {
  it("names every port and program itself, on loopback", () => {
    expect(config({}).options).toMatchObject({
      bindAddress: "127.0.0.1",
      kubeVersion: "v1.24.17",
      kubeApiserverPort: 1,
      etcdPort: 2,
      etcdPeerPort: 3,
      kubeControllerManagerPort: 4,
      kubeSchedulerPort: 5,
      kwokControllerPort: 6,
      kwokControllerBinary: "/bin/kwok-controller",
    });
  });

  it.each(kubernetesVersions.map((version) => [version, version === "1.15.12"] as const))(
    "closes the old unauthenticated ports of %s: %s",
    (version, old) => {
      expect(argumentsOf("kube-apiserver", { version })).toEqual(old ? { "insecure-port": "0" } : {});
      for (const component of ["kube-scheduler", "kube-controller-manager"] as const)
        expect(argumentsOf(component, { version })).toEqual({
          "leader-elect-lease-duration": "45s",
          "leader-elect-renew-deadline": "40s",
          ...(old && { port: "0" }),
        });
    },
  );

  it("lets etcd wait for the disk unless told otherwise", () => {
    expect(argumentsOf("etcd", {})).toEqual({});
    expect(argumentsOf("etcd", { fsync: false })).toEqual({ "unsafe-no-fsync": "true" });
  });

  it("leaves kwok out, and an audit policy and further flags in, when asked", () => {
    expect(config({}).options).not.toHaveProperty("disable");
    expect(config({ kwok: false }).options.disable).toEqual(["kwok-controller"]);
    expect(config({ auditPolicyFile: "/audit" }).options.kubeAuditPolicy).toBe("/audit");
    const extra = { "kube-apiserver": { "insecure-port": "9", v: "4" } };
    expect(argumentsOf("kube-apiserver", { version: "1.15.12", extra })).toEqual({ "insecure-port": "9", v: "4" });
  });
});

describe("nodesOf", () => {
  const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
  const group = (name: string, role: "master" | "node", count: number, net: number): NodeGroup => ({
    name,
    role,
    instanceType: "m5.large",
    instances: spread(count, zones).map((zone, index) => ({
      id: `i-${net}${index}`,
      zone,
      privateIp: `10.0.${net}.${index}`,
    })),
  });
  const groups = [
    group("master", "master", 3, 1),
    group("nodes", "node", 6, 2),
    { ...group("syslog", "node", 3, 3), broken: true },
  ];
  const nodes = nodesOf(groups, "1.24.17", new Date("2026-01-01T00:00:00.500Z"));

  it("spreads each group over the zones", () => {
    const counts = new Map<string, number>();
    for (const { metadata } of nodes) {
      const key = `${metadata.labels?.["kops.k8s.io/instancegroup"]} ${metadata.labels?.["topology.kubernetes.io/zone"]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1]);
    expect(new Set(nodes.map(({ metadata }) => metadata.name)).size).toBe(12);
  });

  it("labels and taints by role", () => {
    expect(nodes[0]?.metadata.labels).toMatchObject({
      "kubernetes.io/role": "master",
      "node-role.kubernetes.io/master": "",
    });
    expect(nodes[0]?.spec).toMatchObject({ taints: [{ key: "node-role.kubernetes.io/master", effect: "NoSchedule" }] });
    expect(nodes[3]?.metadata.labels).toMatchObject({
      "kubernetes.io/role": "node",
      "node-role.kubernetes.io/node": "",
    });
    expect(nodes[3]?.spec).toMatchObject({ taints: [], providerID: "aws:///eu-central-1a/i-20" });
  });

  it("says in both generations of labels where a node is", () => {
    for (const { metadata } of nodes) {
      const { labels = {} } = metadata;
      expect(labels["topology.kubernetes.io/region"]).toBe("eu-central-1");
      for (const part of ["zone", "region"]) {
        expect(labels[`failure-domain.beta.kubernetes.io/${part}`]).toBe(labels[`topology.kubernetes.io/${part}`]);
      }
    }
  });

  it("of 1.15 know only the old names, and run Docker", () => {
    const [old] = nodesOf(groups, "1.15.12", new Date());
    expect(Object.keys(old?.metadata.labels ?? {}).sort()).toEqual([
      "beta.kubernetes.io/arch",
      "beta.kubernetes.io/instance-type",
      "beta.kubernetes.io/os",
      "failure-domain.beta.kubernetes.io/region",
      "failure-domain.beta.kubernetes.io/zone",
      "kops.k8s.io/instancegroup",
      "kubernetes.io/arch",
      "kubernetes.io/hostname",
      "kubernetes.io/os",
      "kubernetes.io/role",
      "node-role.kubernetes.io/master",
    ]);
    expect(old?.status).toMatchObject({ nodeInfo: { containerRuntimeVersion: expect.stringMatching(/^docker:/) } });
    expect(nodes[0]?.status).toMatchObject({
      nodeInfo: { containerRuntimeVersion: expect.stringMatching(/^containerd:/) },
    });
  });

  it("marks a broken node and lets it look healthy", () => {
    const broken = nodes.filter(({ metadata }) => metadata.annotations?.[faultAnnotation]);
    expect(broken.map(({ metadata }) => metadata.labels?.["kops.k8s.io/instancegroup"])).toEqual([
      "syslog",
      "syslog",
      "syslog",
    ]);
    const ready = { type: "Ready", status: "True", lastHeartbeatTime: "2026-01-01T00:00:00Z" };
    expect(broken[0]?.status).toMatchObject({ conditions: expect.arrayContaining([expect.objectContaining(ready)]) });
    expect(nodes[0]?.status).not.toHaveProperty("conditions");
  });

  it("names nodes as AWS's private DNS does", () => {
    expect(nodeName({ id: "i-1", zone: "us-east-1a", privateIp: "10.1.2.3" })).toBe(
      "ip-10-1-2-3.us-east-1.compute.internal",
    );
  });
});

describe("ports", () => {
  it("are distinct and free, and given ones are kept", async () => {
    expect(new Set(await freePorts(50)).size).toBe(50);
    const ports = await chooseControlPlanePorts({ apiServer: 6443 });
    expect(ports.apiServer).toBe(6443);
    expect(new Set(Object.values(ports)).size).toBe(6);
    for (const port of Object.values(ports).filter((port) => port !== 6443)) {
      await new Promise<void>((resolve, reject) => {
        const server = createServer().once("error", reject);
        server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
      });
    }
  });
});
