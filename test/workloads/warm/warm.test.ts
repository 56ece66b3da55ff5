import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { floorEdges } from "../../../src/commands/shared/floors.js";
import { connect } from "../../../src/kube/connect.js";
import type { Clock } from "../../../src/model/clock.js";
import type { Journal } from "../../../src/model/journal.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { putBack, standingEdits } from "../../../src/workloads/edits/carry-out.js";
import { type WarmEdges, type WarmRules, warmGreen } from "../../../src/workloads/warm/warm.js";
import { Hand, marked, open, servers, why } from "../../replay/servers.js";
import { memoryJournal } from "../journal.js";
import { fakeNode, readyOf, until, workload } from "../servers.js";

describe.skipIf(!servers)(`warming a real green${why}`, () => {
  const mark = `warm-${randomBytes(4).toString("hex")}`;
  let blue: Hand;
  let green: Hand;

  const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: mark } };
  const node = fakeNode(mark);
  const running = { nodeName: mark };
  const web = (replicas: number) => workload("Deployment", mark, "web", { replicas }, running);
  const db = (replicas: number) => workload("StatefulSet", mark, "db", { replicas }, running);
  const big = (replicas: number, pod: object) => workload("Deployment", mark, "big", { replicas }, pod);
  const scaler: KubeObject = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: mark },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 1,
      maxReplicas: 9,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
      ],
    },
  };
  const exclude = [{ name: "big" }];
  const rules: WarmRules = { exclude, headroom: 0, timeoutMs: 60_000, held: new Set() };

  /** The autoscaler looks every 15 s: here it is played, at the first wait. */
  const clock: Clock = {
    now: Date.now,
    async sleep(ms) {
      await green.write(web(Number(await floorOf())), "autoscaler");
      await sleep(Math.min(ms, 200));
    },
  };
  async function edgesOf(journal: Journal): Promise<WarmEdges> {
    const context = { edges: { signal: new AbortController().signal } } as Parameters<typeof floorEdges>[2];
    const reading = { blue: marked(mark, blue.server), green: marked(mark, green.server) };
    return { ...(await floorEdges(green.server, journal, context)), ...reading, clock };
  }
  async function greens(object: KubeObject) {
    const live = await green.read(object);
    if (!live) throw new Error(`green has no ${object.metadata.name}`);
    return live as KubeObject & { spec: { minReplicas?: number; replicas?: number } };
  }
  const floorOf = async (): Promise<unknown> => (await greens(scaler)).spec.minReplicas;
  const replicasOf = async (): Promise<unknown> => (await greens(db(1))).spec.replicas;
  /** Who has which fields of the specification, without when. */
  const managersOf = async (object: KubeObject) =>
    ((await greens(object)).metadata.managedFields as { subresource?: string; manager: string; fieldsV1: object }[])
      .filter(({ subresource }) => subresource !== "status")
      .map(({ manager, fieldsV1 }) => ({ manager, fieldsV1 }));

  beforeAll(async () => {
    const connected = await Promise.all([servers?.blueFile, servers?.greenFile].map((file) => open(file ?? "")));
    [blue, green] = connected.map((server) => new Hand(server)) as [Hand, Hand];
    for (const object of [namespace, node, web(3), db(2), big(2, running)]) await blue.write(object);
    for (const object of [namespace, node, web(1), db(1), big(2, { nodeSelector: { nobody: mark } })])
      await green.write(object);
    await green.write(scaler, "helm");
    await until("blue has its Pods", async () => {
      const counts = await Promise.all([web(3), db(2), big(2, running)].map((object) => readyOf(blue, object)));
      return counts.join() === "3,2,2";
    });
  }, 60_000);
  afterAll(async () => {
    for (const hand of [blue, green]) {
      for (const object of [namespace, node]) await hand?.remove(object);
      await hand?.server.close();
    }
  });

  it("raises autoscaler and count to blue's live Pods, waits for them, and puts everything back as it was", async () => {
    const before = { scaler: await managersOf(scaler), db: await managersOf(db(1)) };
    const told: string[] = [];
    const edges = await edgesOf(memoryJournal());
    const result = await warmGreen(rules, { ...edges, onProgress: (done, all) => told.push(`${done}/${all}`) });
    expect(result.raised.map(({ object, outcome }) => `${object.kind} ${outcome}`)).toEqual([
      "HorizontalPodAutoscaler done",
      "StatefulSet done",
    ]);
    expect(told.at(-1)).toBe("5/5");
    expect([await floorOf(), await replicasOf()]).toEqual([3, 2]);
    expect(await Promise.all([web(3), db(2)].map((object) => readyOf(green, object)))).toEqual([3, 2]);
    // Said again, it has nothing left to do.
    expect((await warmGreen(rules, edges)).raised).toEqual([]);
    await putBack(standingEdits(edges), edges);
    expect([await floorOf(), await replicasOf()]).toEqual([1, 1]);
    expect({ scaler: await managersOf(scaler), db: await managersOf(db(1)) }).toEqual(before);
  });

  it("stops where Pods don't come, and says which and why", async () => {
    const edges = await edgesOf(memoryJournal());
    const thrown: unknown = await warmGreen({ ...rules, exclude: [], timeoutMs: 1_000 }, edges).catch(
      (it: unknown) => it,
    );
    expect(thrown).toMatchObject({
      code: "not-warm",
      message: expect.stringMatching(/Deployment\.apps .*\/big: 0 of 2 ready: Unschedulable: .*node/),
    });
    await putBack(standingEdits(edges), edges);
    expect([await floorOf(), await replicasOf()]).toEqual([1, 1]);
  });

  it("asks nothing more of what has a higher floor, is held, or is at 0 on blue; a budget for disruptions is in nobody's way", async () => {
    const high = (replicas: number) => workload("Deployment", mark, "high", { replicas }, running);
    const quiet = (replicas: number) => workload("Deployment", mark, "quiet", { replicas }, running);
    const idle = (replicas: number) => workload("Deployment", mark, "idle", { replicas }, running);
    const its = { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "high" }, minReplicas: 3 };
    const floor = {
      ...scaler,
      metadata: { name: "high", namespace: mark },
      spec: { ...(scaler.spec as object), ...its },
    };
    const budget: KubeObject = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web", namespace: mark },
      spec: { minAvailable: "100%", selector: { matchLabels: { app: "web" } } },
    };
    for (const object of [high(2), quiet(1), idle(0)]) await blue.write(object);
    for (const object of [high(3), quiet(0), idle(1), floor, budget]) await green.write(object);
    await until(
      "blue has its Pods",
      async () => (await readyOf(blue, high(2))) + (await readyOf(blue, quiet(1))) === 3,
    );
    const edges = await edgesOf(memoryJournal());
    const result = await warmGreen({ ...rules, held: new Set([`Deployment.apps ${mark}/quiet`]) }, edges);
    expect(
      result.warm.map(({ object, wanted, floor }) => `${object.name} ${wanted} ${floor?.ours ?? "-"}`).sort(),
    ).toEqual(["db 2 2", "high 2 -", "web 3 3"]);
    expect(result.remarks).toEqual([]);
    expect([(await greens(quiet(0))).spec.replicas, (await greens(idle(1))).spec.replicas]).toEqual([0, 1]);
    expect(edges.journal.entries().some((entry) => JSON.stringify(entry).includes("/high"))).toBe(false);
    await putBack(standingEdits(edges), edges);
    expect([await floorOf(), await replicasOf(), (await greens(floor)).spec.minReplicas]).toEqual([1, 1, 3]);
  });

  it("writes nothing where blue can't be asked how big it is", async () => {
    const folder = await mkdtemp(join(tmpdir(), "warm-"));
    try {
      const kubeconfig = join(folder, "gone.yaml");
      const file = await readFile(servers?.blueFile ?? "", "utf8");
      await writeFile(kubeconfig, file.replace(/server: .*/g, "server: https://127.0.0.1:1"));
      const gone = await connect({ kubeconfig, context: blue.server.name, env: {}, tuning: { attempts: 1 } });
      const edges = { ...(await edgesOf(memoryJournal())), blue: gone };
      await expect(warmGreen(rules, edges)).rejects.toMatchObject({ code: "cluster-unreachable" });
      expect(edges.journal.entries()).toEqual([]);
      await gone.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
