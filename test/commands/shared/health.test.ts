import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Context } from "../../../src/commands/shared/command.js";
import { lookAtClusters } from "../../../src/commands/shared/health.js";
import type { Project } from "../../../src/commands/shared/project.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { fakeCluster } from "../../proofs/unsafe/fake-cluster.js";
import { soundEvidence } from "../../run/evidence.js";

it("looks at each cluster until that one shows that it is ill, whatever the other one is", async () => {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-health-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const evidence = soundEvidence();
  const blue = await fakeCluster(evidence.plan.blue.clusterId, "v1.24.17");
  const green = await fakeCluster(evidence.green.clusterId, "v1.35.4");
  onTestFinished(() => [blue, green].forEach((cluster) => void cluster.close()));
  const run = new RunFolder(dir, "20261128T200000Z");
  await writeFile(join(dir, "blue"), blue.kubeconfig);
  await run.writeText("green.kubeconfig", green.kubeconfig);
  const health = { times: 3, every: "10s", nodes: 90, namespaces: ["kube-system"] };
  const project = { dir, config: { health, blue: { kubeconfig: "blue", context: "fake" } } } as unknown as Project;
  const slept: number[] = [];
  const edges = { env: {}, now: () => new Date(0), sleep: async (ms: number) => void slept.push(ms) };
  const context = { edges, progress: { line: () => undefined } } as unknown as Context;
  const looks = async () => {
    const seen = await lookAtClusters(
      project,
      run,
      { ...evidence, green: { ...evidence.green, context: "fake" } },
      context,
    );
    return [seen.blue.length, seen.green.length];
  };
  expect(await looks()).toEqual([3, 3]);
  green.reset();
  green.moods = [{ from: 1, showing: { nodes: [true, false, true] } }];
  expect(await looks()).toEqual([3, 2]);
  blue.moods = [{ from: 0, showing: { available: 0 } }];
  slept.length = 0;
  green.reset();
  green.moods = [{ from: 0, showing: { nodes: [] } }];
  expect([await looks(), slept]).toEqual([[1, 1], []]);
});
