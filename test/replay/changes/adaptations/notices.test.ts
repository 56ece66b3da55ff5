import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "../../../../src/model/objects.js";
import { object } from "../../objects.js";
import { adapt } from "./adapt.js";
import { deployment, workloads } from "./samples.js";

const remarksOf = (...[it, settings, others]: Parameters<typeof adapt>) => adapt(it, settings, others).remarks;
const ids = (...of: Parameters<typeof adapt>) => remarksOf(...of).map(({ id }) => id);
const required = "requiredDuringSchedulingIgnoredDuringExecution";

describe("green-node-labels", () => {
  const greenNodeLabels = {
    "clustershift.io/group": ["workers", "syslog"],
    "eks.amazonaws.com/nodegroup": "any",
  } as const;
  const terms = (...each: [key: string, operator: string, ...values: string[]][][]) => ({
    affinity: {
      nodeAffinity: {
        [required]: {
          nodeSelectorTerms: each.map((expressions) => ({
            matchExpressions: expressions.map(([key, operator, ...values]) => ({ key, operator, values })),
          })),
        },
      },
    },
  });

  it.each<[JsonObject, string[]]>([
    [{ nodeSelector: { "kops.k8s.io/instancegroup": "nodes" } }, ["kops.k8s.io/instancegroup=nodes"]],
    [{ nodeSelector: { "node-role.kubernetes.io/master": "" } }, ["node-role.kubernetes.io/control-plane"]],
    [{ nodeSelector: { "clustershift.io/group": "masters" } }, ["clustershift.io/group=masters"]],
    [{ nodeSelector: { "clustershift.io/group": "syslog", "topology.kubernetes.io/zone": "a" } }, []],
    [{ nodeSelector: { "eks.amazonaws.com/nodegroup": "whatever" } }, []],
    [terms([["a", "Exists"]], [["clustershift.io/group", "In", "workers", "other"]]), []],
    [
      terms(
        [["a", "Exists"]],
        [
          ["b", "In", "x", "y"],
          ["c", "NotIn", "z"],
          ["d", "DoesNotExist"],
        ],
      ),
      ["a", "b=x or y"],
    ],
  ])("of %j points out %j", (pod, labels) => {
    const found = remarksOf(deployment(pod), { greenNodeLabels });
    expect(found.map(({ why }) => /labelled (.*), which/.exec(why)?.[1])).toEqual(labels);
    expect(ids(deployment(pod))).toEqual([]);
  });

  it("looks at what a team's mapping made of the label", () => {
    const nodeLabels = { "kops.k8s.io/instancegroup": { key: "clustershift.io/group", values: { nodes: "workers" } } };
    const pod = deployment({ nodeSelector: { "kops.k8s.io/instancegroup": "nodes" } });
    expect(ids(pod, { greenNodeLabels, nodeLabels })).toEqual([]);
  });
});

describe("node-pins", () => {
  const node = "ip-10-0-1-5.eu-central-1.compute.internal";
  const byField = { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }] };
  it("points out what is bound to a node by name", () => {
    for (const pod of [
      { nodeName: node },
      { nodeSelector: { "kubernetes.io/hostname": node } },
      { affinity: { nodeAffinity: { [required]: byField } } },
    ]) {
      expect(remarksOf(deployment(pod))).toMatchObject([{ id: "node-pinned", why: expect.stringContaining(node) }]);
    }
    const nodeSelectorTerms = [
      { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] },
    ];
    const volume = { local: { path: "/mnt/a" }, nodeAffinity: { required: { nodeSelectorTerms } } };
    expect(ids(object("v1 PersistentVolume v", { spec: volume }))).toEqual(["node-pinned", "node-volume"]);
  });

  it("leaves a Pod's own node alone: the scheduler chose it", () => {
    const { Pod } = workloads({ nodeName: node });
    expect(Pod && ids(Pod)).toEqual([]);
  });
});

describe("node-volumes", () => {
  const of = (...paths: string[]) =>
    deployment({ volumes: paths.map((path, index) => ({ name: `v${index}`, hostPath: { path } })) });

  it("points out data on nodes, and leaves what each node has of its own", () => {
    expect(ids(of("/data"))).toEqual(["node-volume"]);
    expect(ids(of("/var/logs/app"))).toEqual(["node-volume"]);
    expect(
      ids(of("/", "/var/log/", "/var/log/pods", "/sys", "/proc", "/dev/shm", "/etc/localtime", "/lib/modules")),
    ).toEqual([]);
    expect(ids(object("v1 PersistentVolume v", { spec: { hostPath: { path: "/data" } } }))).toEqual(["node-volume"]);
  });

  it("points out Docker, unless green still has it", () => {
    expect(ids(of("/var/run/docker.sock", "/var/lib/docker/containers"))).toEqual(["docker-on-node"]);
    expect(ids(of("/var/run/docker.sock"), { greenVersion: { major: 1, minor: 23 } })).toEqual([]);
  });
});

describe("gone-volume-plugins", () => {
  it("points out volumes of plugins that went", () => {
    expect(ids(deployment({ volumes: [{ name: "a", cephfs: { monitors: ["m"] } }] }))).toEqual(["volume-plugin-gone"]);
    expect(ids(object("v1 PersistentVolume v", { spec: { rbd: { image: "i" } } }))).toEqual(["volume-plugin-gone"]);
    expect(ids(deployment({ volumes: [{ name: "a", emptyDir: {} }] }))).toEqual([]);
  });
});

describe("named-tokens", () => {
  const account = object("v1 ServiceAccount default/ci", { secrets: [{ name: "ci-token-abc12" }, { name: "pull" }] });
  const mounts = (secretName: string) => ({ volumes: [{ name: "t", secret: { secretName } }] });

  it("points out automatic tokens that are named, in whatever way", () => {
    const reads = {
      containers: [{ name: "a", env: [{ name: "T", valueFrom: { secretKeyRef: { name: "ci-token-abc12" } } }] }],
    };
    expect(ids(deployment(mounts("ci-token-abc12")), {}, [account])).toEqual(["token-by-name"]);
    expect(ids(deployment(reads), {}, [account])).toEqual(["token-by-name"]);
  });

  it("leaves other Secrets alone, and Pods, whose volume is taken off", () => {
    expect(ids(deployment(mounts("pull")), {}, [account])).toEqual([]);
    const { Pod } = workloads(mounts("ci-token-abc12"));
    expect(Pod && ids(Pod, {}, [account])).toEqual([]);
  });
});

describe("lost-annotations and workload-identity", () => {
  const critical = { "scheduler.alpha.kubernetes.io/critical-pod": "" };
  it("point out what annotations no longer do", () => {
    expect(ids(deployment({}, critical))).toEqual(["critical-pod-annotation"]);
    expect(ids(deployment({ priorityClassName: "system-cluster-critical" }, critical))).toEqual([]);
    const annotations = { "scheduler.alpha.kubernetes.io/node-selector": "group=a" };
    expect(ids(object("v1 Namespace shop", {}, { annotations }))).toEqual(["namespace-node-selector"]);
  });

  it("name each role that trusts blue", () => {
    const arn = "arn:aws:iam::123456789012:role/ledger";
    const annotations = { "eks.amazonaws.com/role-arn": arn };
    expect(remarksOf(object("v1 ServiceAccount shop/ledger", {}, { annotations }))).toMatchObject([
      { id: "identity-irsa", severity: "warning", why: expect.stringContaining(arn) },
    ]);
    expect(ids(deployment({}, { "iam.amazonaws.com/role": "ledger" }))).toEqual(["identity-kiam"]);
  });
});

describe("blue-addresses", () => {
  const blue: KubeObject[] = [
    object("v1 Node ip-10-0-1-5.eu-central-1.compute.internal", {
      status: {
        addresses: [
          { type: "InternalIP", address: "10.0.1.5" },
          { type: "ExternalIP", address: "203.0.113.5" },
        ],
      },
    }),
    object("v1 Node master", {}),
    object("v1 Service shop/db", { spec: { clusterIP: "100.64.7.7", clusterIPs: ["100.64.7.7", "fd00::7"] } }),
    object("v1 Service shop/peers", { spec: { clusterIP: "None" } }),
    object("v1 Service shop/web", {
      status: { loadBalancer: { ingress: [{ hostname: "web-1.elb.eu-central-1.amazonaws.com" }] } },
    }),
    object("v1 Endpoints default/kubernetes", { subsets: [{ addresses: [{ ip: "172.20.0.9" }] }] }),
  ];
  const config = (text: string) => object("v1 ConfigMap shop/c", { data: { "app.ini": text } });
  const said = (it: KubeObject, blueName?: string) =>
    remarksOf(it, blueName === undefined ? {} : { blueName }, blue).map(({ why }) => why);

  it.each([
    ["db=100.64.7.7:5432", "100.64.7.7 (the cluster IP of Service shop/db)"],
    ["db=[fd00::7]:5432", "fd00::7 (the cluster IP of Service shop/db)"],
    ["https://172.20.0.9/", "172.20.0.9 (the address of blue's API server)"],
    ["10.0.1.5,", "10.0.1.5 (an address of blue's node ip-10-0-1-5.eu-central-1.compute.internal)"],
    ["ip-10-0-1-5.eu-central-1.compute.internal.", "ip-10-0-1-5.eu-central-1.compute.internal (a node of blue's)"],
    ["http://ip-10-9-9-9.ec2.internal", "ip-10-9-9-9.ec2.internal (the internal name of an EC2 instance)"],
    [
      "web-1.elb.eu-central-1.amazonaws.com",
      "web-1.elb.eu-central-1.amazonaws.com (the load balancer of Service shop/web)",
    ],
    ["api.internal.blue.acme.example", "api.internal.blue.acme.example (a name of blue's)"],
    ["k8s.io/cluster-autoscaler/blue.acme.example", "blue.acme.example (blue's name)"],
    ["https://api.old.k8s.local", "api.old.k8s.local (a name inside a kops cluster)"],
  ])("finds %s", (text, what) => {
    expect(said(config(`first=1\n${text}\n`), "blue.acme.example")).toEqual([`data["app.ini"] names ${what}.`]);
  });

  it.each([
    "10.0.1.50",
    "110.0.1.5",
    "10.0.1.5.6",
    "master",
    "None",
    "203.0.113.5",
    "notblue.acme.example",
    "a::b",
    "12:30",
  ])("takes %s for nothing of blue's", (text) => {
    expect(said(config(text), "blue.acme.example")).toEqual([]);
  });

  it("takes a plain word for blue's name only where clusters are spoken of", () => {
    for (const text of ["color: blue", "cluster: blueish", "cluster: darkblue"])
      expect(said(config(text), "blue")).toEqual([]);
    expect(said(config("cluster_name: blue"), "blue")).toEqual([`data["app.ini"] names blue (blue's name).`]);
  });

  it("reads a megabyte of anything at once", () => {
    for (const part of ["a", "1.", "-", ".", "a-", ":", "f:", "cluster blu"]) {
      expect(said(config(`${part.repeat(2 ** 20 / part.length)} 10.0.1.5`), "blue")).toHaveLength(1);
    }
  });

  it("names the place, in workloads, services and webhooks", () => {
    const container = {
      name: "web",
      env: [{ name: "DB", value: "100.64.7.7" }],
      args: ["--cluster-name=blue", "--master=172.20.0.9"],
    };
    const pod = { containers: [container], hostAliases: [{ ip: "10.0.1.5", hostnames: ["a"] }] };
    expect(said(deployment(pod), "blue")[0]?.split("; ")).toEqual([
      "container web, DB names 100.64.7.7 (the cluster IP of Service shop/db)",
      "container web, arguments names 172.20.0.9 (the address of blue's API server), blue (blue's name)",
      expect.stringMatching(/^hostAliases names 10\.0\.1\.5 /),
    ]);
    const hook = object("admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration h", {
      webhooks: [{ name: "h.acme", clientConfig: { url: "https://10.0.1.5:8443/" } }],
    });
    expect(said(hook)).toEqual([expect.stringMatching(/^webhook h\.acme names 10\.0\.1\.5 /)]);
    expect(
      said(object("v1 Service shop/s", { spec: { externalName: "web-1.elb.eu-central-1.amazonaws.com" } })),
    ).toHaveLength(1);
    expect(said(object("v1 Endpoints shop/s", { subsets: [{ addresses: [{ ip: "10.0.1.5" }] }] }))).toHaveLength(1);
    expect(
      said(object("discovery.k8s.io/v1 EndpointSlice shop/s", { endpoints: [{ addresses: ["10.0.1.5"] }] })),
    ).toHaveLength(1);
  });

  it("never tells what a Secret holds", () => {
    const secret = (type: string) =>
      object("v1 Secret shop/s", {
        type,
        data: { url: Buffer.from("postgres://admin:pa55@100.64.7.7/db and 10.0.1.5").toString("base64") },
      });
    expect(said(secret("Opaque"))).toEqual([
      `It holds something of blue's in "url" (a cluster IP, an address); the values are not shown.`,
    ]);
    expect(said(secret("kubernetes.io/tls"))).toEqual([]);
  });
});
