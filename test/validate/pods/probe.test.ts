import { describe, expect, it } from "vitest";
import { KubeError } from "../../../src/kube/api.js";
import type { ApiResource, JsonObject, KubeObject } from "../../../src/model/objects.js";
import { probePods } from "../../../src/validate/pods/probe.js";
import type { PlacedNode } from "../../../src/validate/snapshot.js";
import { greenServer } from "../../kube/server.js";
import { node } from "../samples.js";

interface Job extends KubeObject {
  spec: {
    activeDeadlineSeconds: number;
    template: {
      metadata: { labels: Record<string, string> };
      spec: KubeObject & { containers: { env: { name: string; value: string }[] }[] };
    };
  };
}

const served = [
  { group: "batch", kind: "Job", resource: "jobs" },
  { group: "", kind: "Pod", resource: "pods" },
  { group: "", kind: "Namespace", resource: "namespaces" },
].map((each): ApiResource => ({ ...each, version: "v1", namespaced: true, verbs: [], subresources: [] }));

/** A green that plays pods: each Job's becomes what `status` says of it. */
function greenOf(status: (role: string, zone: string, env: Record<string, string>) => JsonObject | undefined) {
  const jobs = new Map<string, Job>();
  const created: string[] = [];
  const green = {
    discover: async () => ({ resources: served, broken: [] }),
    async create(_resource: ApiResource, object: KubeObject) {
      created.push(`${object.kind} ${object.metadata.name}`);
      if (object.kind === "Namespace") throw new KubeError(409, "AlreadyExists", "it is there");
      jobs.set(object.metadata.name, object as Job);
      return object;
    },
    async *pages(_resource: ApiResource, { labelSelector = "" } = {}) {
      const wanted = labelSelector.split(",").map((each) => each.split("="));
      const chosen = [...jobs.values()].filter(({ spec }) =>
        wanted.every(([key = "", value]) => spec.template.metadata.labels[key] === value),
      );
      const items = chosen.flatMap(({ spec: { template } }): KubeObject[] => {
        const { labels } = template.metadata;
        const env = Object.fromEntries(
          (template.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]),
        );
        const told = status(labels["clustershift.dev/role"] ?? "", labels["clustershift.dev/zone"] ?? "", env);
        return told ? [{ apiVersion: "v1", kind: "Pod", metadata: { name: "p", labels }, status: told }] : [];
      });
      yield { items, resourceVersion: "1" };
    },
    apply: () => Promise.reject(new Error("nothing is applied")),
    async patch(_resource: ApiResource, name: string, patch: JsonObject) {
      const job = jobs.get(name);
      if (!job) throw new KubeError(404, "NotFound", "no such job");
      Object.assign(job.spec, patch.spec);
      return job;
    },
  };
  return { green, jobs, created };
}

const addresses: Record<string, string> = { a: "10.0.0.1", b: "10.0.0.2" };
const listening = (zone: string): JsonObject => ({ phase: "Running", podIP: addresses[zone] });
const ended = (message: string): JsonObject => ({
  phase: "Succeeded",
  containerStatuses: [{ state: { terminated: { message } } }],
});
/** A caller that reaches whatever its environment names. */
const reachesAll = (env: Record<string, string>): JsonObject =>
  ended(
    ["name", "api", ...(env.PEERS ?? "").split(" ").map((pair) => `zone ${pair.split("=")[0]}`)]
      .map((what) => `${what}\tok`)
      .join("\n"),
  );

const tainted = (effect: string) => ({ spec: { taints: [{ key: "dedicated", value: "db", effect }] } });
const nodes = [
  node("n1", { zone: "a", ...tainted("NoSchedule") }),
  node("n2", { zone: "a" }),
  node("n3", { zone: "b", ...tainted("NoExecute") }),
];

async function probe(status: Parameters<typeof greenOf>[0], placed: PlacedNode[] = nodes) {
  const made = greenOf(status);
  let at = 0;
  const sleep = async (ms: number): Promise<void> => {
    at += ms;
  };
  const edges = { green: made.green, now: () => at, sleep };
  const outcome = await probePods(
    { image: "busybox:1.37", timeoutMs: 5_000, nodes: placed, name: "clustershift-validate-x" },
    edges,
  );
  return { ...made, outcome };
}

describe("pods from each zone", () => {
  it("pass where each caller reached everything, and leave nothing that lives on", async () => {
    const { outcome, jobs, created } = await probe((role, zone, env) =>
      role === "listen" ? listening(zone) : reachesAll(env),
    );
    expect(outcome).toMatchObject({
      outcome: "passed",
      detail: expect.stringMatching(/^from a, b a pod resolves names/),
    });
    expect(created).toEqual([
      "Namespace clustershift",
      "Job clustershift-validate-x-listen-0",
      "Job clustershift-validate-x-listen-1",
      "Job clustershift-validate-x-call-0",
      "Job clustershift-validate-x-call-1",
    ]);
    const listeners = [...jobs.values()].filter(({ metadata }) => metadata.name.includes("listen"));
    expect(listeners.map(({ spec }) => spec.activeDeadlineSeconds)).toEqual([1, 1]);
    for (const { spec } of jobs.values()) expect(spec).toMatchObject({ ttlSecondsAfterFinished: 30, backoffLimit: 0 });
  });

  it("go where they are sent, past the taints of that zone's nodes, and call the other zones alone", async () => {
    const { jobs } = await probe((role, zone, env) => (role === "listen" ? listening(zone) : reachesAll(env)));
    const specs = [...jobs.values()].map(({ spec }) => spec.template.spec);
    expect(specs.map(({ nodeSelector, tolerations }) => ({ nodeSelector, tolerations })).slice(0, 2)).toEqual([
      { nodeSelector: { "topology.kubernetes.io/zone": "a", "kubernetes.io/os": "linux" }, tolerations: [] },
      {
        nodeSelector: { "topology.kubernetes.io/zone": "b", "kubernetes.io/os": "linux" },
        tolerations: [{ key: "dedicated", operator: "Equal", value: "db", effect: "NoExecute" }],
      },
    ]);
    expect(specs.slice(2).map(({ containers }) => containers[0]?.env)).toEqual([
      [{ name: "PEERS", value: "b=10.0.0.2" }],
      [{ name: "PEERS", value: "a=10.0.0.1" }],
    ]);
  });

  it.each<[string, Parameters<typeof greenOf>[0], string]>([
    [
      "no listener comes up",
      () => ({ phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] }),
      "pods didn't come up within 5 s: a: Unschedulable; b: Unschedulable",
    ],
    [
      "a Job makes no pod",
      (_role, zone) => (zone === "a" ? listening("a") : undefined),
      "pods didn't come up within 5 s: b: its Job made no pod",
    ],
    [
      "a caller is silent",
      (role, zone) =>
        role === "listen" ? listening(zone) : { ...listening(zone), conditions: [{ type: "Ready", status: "True" }] },
      "pods didn't answer within 5 s: a: it runs, and is silent; b: it runs, and is silent",
    ],
  ])("fail where %s, and end the listeners all the same", async (_case, status, detail) => {
    const { outcome, jobs } = await probe(status);
    expect(outcome).toEqual({ outcome: "failed", detail });
    expect(jobs.get("clustershift-validate-x-listen-0")?.spec.activeDeadlineSeconds).toBe(1);
  });

  it("prove nothing where nodes are played, where there are none, and where pods end without a word", async () => {
    const played = node("n", { annotations: { "kwok.x-k8s.io/node": "fake" } });
    expect(await probe(() => listening("a"), [played])).toMatchObject({
      created: [],
      outcome: { outcome: "inconclusive" },
    });
    expect((await probe(() => listening("a"), [node("n", { ready: false })])).outcome.outcome).toBe("inconclusive");
    const silent = await probe((role, zone) => (role === "listen" ? listening(zone) : { phase: "Succeeded" }));
    expect(silent.outcome).toMatchObject({ outcome: "inconclusive", detail: expect.stringMatching(/without a word/) });
  });
});

const { title, present, open } = greenServer;

describe.skipIf(!present)(`pods for ${title}`, () => {
  it("are taken by it under the strictest Pod security, and gone by themselves once they have ended", async () => {
    const kube = await open();
    try {
      const { resources } = await kube.discover();
      const [jobs, namespaces] = ["Job", "Namespace"].map((kind) => resources.find((each) => each.kind === kind));
      if (!jobs || !namespaces) throw new Error("a server without Jobs");
      const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
      const home = { apiVersion: "v1", kind: "Namespace", metadata: { name: "clustershift", labels } };
      await kube.apply(namespaces, home, { fieldManager: "test", force: true });
      const name = `clustershift-validate-${Math.random().toString(36).slice(2, 8)}`;
      const started = Date.now();
      const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
      const args = { image: "busybox:1.37", timeoutMs: 3_000, nodes: [node("n1")], name };
      const outcome = await probePods(args, { green: kube, now: () => Date.now() - started, sleep });
      // No node of this server is in zone a: the Job's pod, which its controller could make, waits for one.
      expect(outcome).toMatchObject({
        outcome: "failed",
        detail: expect.stringMatching(/^pods didn't come up within 3 s: a: (Unschedulable|Pending)/),
      });
      const condition = async () => {
        const job = await kube.get(jobs, `${name}-listen-0`, "clustershift");
        const conditions = (job?.status as { conditions?: { type: string; reason?: string }[] } | undefined)
          ?.conditions;
        return conditions?.find(({ type }) => type === "Failed")?.reason;
      };
      await expect.poll(condition, { timeout: 20_000 }).toBe("DeadlineExceeded");
    } finally {
      await kube.close();
    }
  }, 60_000);
});
