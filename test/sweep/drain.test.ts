import { describe, expect, it } from "vitest";
import { KubeError } from "../../src/kube/api.js";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";
import { type DrainEdges, drainBlue, isDrainable } from "../../src/sweep/drain.js";
import { virtualClock } from "../aws/clock.js";
import { memoryJournal } from "../traffic/world.js";

const resource: ApiResource = {
  ...{ group: "", version: "v1", kind: "Service", resource: "services", namespaced: true },
  ...{ verbs: [], subresources: [] },
};
const service = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "shop", uid: name },
  spec: { type: "LoadBalancer" },
  status: { loadBalancer: { ingress: [{ hostname: `${name}-1.elb.amazonaws.com` }] } },
});

/** Blue, whose controllers let go of an object and its load balancer after so many looks. */
function blueWith(names: string[], looks: number) {
  const [objects, balancers] = [new Map(names.map((name) => [name, service(name)])), new Set<string>()];
  for (const name of names) balancers.add(`${name}-1.elb.amazonaws.com`);
  const removed: string[] = [];
  const clock = virtualClock();
  const edges: DrainEdges = {
    blue: {
      get: async (_, name) => objects.get(name),
      async remove(_, { metadata: { name } }) {
        if (name === "forbidden") throw new KubeError(403, "Forbidden", "not you");
        removed.push(name);
        return true;
      },
    },
    journal: memoryJournal(),
    clock,
    async balancers() {
      if (clock.slept.length >= looks)
        for (const name of removed) {
          objects.delete(name);
          balancers.delete(`${name}-1.elb.amazonaws.com`);
        }
      return balancers;
    },
    timeoutMs: 60_000,
  };
  return { edges, removed, drainables: names.map((name) => ({ resource, object: service(name) })) };
}

const steps = ({ journal }: DrainEdges) =>
  journal.entries().map((entry) => `${entry.type} ${entry.type === "event" ? entry.event : entry.step}`);

describe("drainBlue", () => {
  it("deletes each once, by a journalled step, and waits until its load balancer is gone", async () => {
    const { edges, removed, drainables } = blueWith(["web", "api"], 3);
    await drainBlue(drainables, edges);
    expect(removed).toEqual(["web", "api"]);
    expect(steps(edges)).toEqual(
      ["web", "api"].flatMap((name) => [`intent drain/Service shop/${name}`, `done drain/Service shop/${name}`]),
    );
    expect((edges.clock as ReturnType<typeof virtualClock>).slept).toHaveLength(4);
  });

  it("says what controllers don't let go of", async () => {
    const { edges, drainables } = blueWith(["web"], 1_000);
    await expect(drainBlue(drainables, edges)).rejects.toMatchObject({
      code: "drain-stuck",
      message: expect.stringMatching(/Service shop\/web, the load balancer web-1\.elb\.amazonaws\.com/),
    });
  });

  it("goes on after a crash: what is gone is settled, and its load balancer is still waited for", async () => {
    const { edges, removed, drainables } = blueWith(["web"], 2);
    const [step, target] = ["drain/Service shop/web", "Service shop/web"];
    const before = { uid: "web", names: ["web-1.elb.amazonaws.com"] };
    await edges.journal.append({ type: "intent", step, phase: "teardown", what: "w", target, before, after: null });
    removed.push("web");
    await drainBlue([], edges);
    expect(steps(edges).at(-1)).toBe(`done ${step}`);
    expect((edges.clock as ReturnType<typeof virtualClock>).slept.length).toBeGreaterThan(0);
    expect(drainables).toHaveLength(1);
  });

  it("stops where blue refuses, in its own words", async () => {
    const { edges, drainables } = blueWith(["forbidden"], 0);
    await expect(drainBlue(drainables, edges)).rejects.toMatchObject({
      code: "effect-failed",
      message: expect.stringContaining("not you"),
    });
  });

  it("begins nothing after Ctrl-C", async () => {
    const { edges, removed, drainables } = blueWith(["web"], 0);
    await expect(drainBlue(drainables, { ...edges, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "interrupted",
    });
    expect(removed).toEqual([]);
  });
});

it.each([
  ["Service", { spec: { type: "LoadBalancer" } }, [], true],
  ["Service", { spec: { type: "NodePort" } }, [], false],
  ["Ingress", {}, ["ingress.k8s.aws/resources"], true],
  ["Ingress", {}, ["group.ingress.k8s.aws/shop"], true],
  ["Ingress", {}, [], false],
  ["Gateway", {}, ["ingress.k8s.aws/resources"], false],
])("drains a %s %j with finalizers %j: %s", (kind, parts, finalizers, is) => {
  expect(isDrainable({ apiVersion: "v1", kind, metadata: { name: "x", finalizers }, ...parts })).toBe(is);
});
