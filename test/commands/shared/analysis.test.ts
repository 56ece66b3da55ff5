import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { evidenceAfter } from "../../../src/commands/shared/analysis.js";
import type { Context } from "../../../src/commands/shared/command.js";
import { openProject } from "../../../src/commands/shared/project.js";
import type { KubeReader } from "../../../src/kube/api.js";
import type { JournalRecord } from "../../../src/model/journal.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { journalOf, soundEvidence } from "../../run/evidence.js";
import { clusterOf } from "../../smoke/context.js";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "clustershift-evidence-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node-1" },
  status: { conditions: [{ type: "Ready", status: "True" }] },
};
const green: KubeReader = {
  ...clusterOf(() => [node]),
  info: async () => ({ clusterId: "green-id", version: "v1.35.0" }),
  discover: async () => ({ resources: [], broken: [] }),
};
const own = (name: string, script: string) => ({ kind: "command", name, run: ["/bin/sh", "-c", script] });
const workloads = { kind: "workloads", name: "all ready", timeout: "1ms" };

/** All evidence after a stage, by what is configured; with blue and green on one machine. */
async function evidence(
  smoke: object[],
  analysis: object[],
  { kube = green, stage = "share/25", events = [] as string[] } = {},
) {
  const { green: record } = soundEvidence();
  if (!record) throw new Error("sound evidence has a green");
  await writeFile(
    join(dir, "clustershift.yaml"),
    stringify({
      apiVersion: "clustershift.dev/v1",
      environment: "acme production",
      blue: { name: "blue.acme.example", context: "blue" },
      green: { name: "acme-1-35", version: "1.35", stack: { kind: "sandbox" } },
      smoke: { checks: smoke },
      traffic: { analysis },
    }),
  );
  const context = {
    args: { config: join(dir, "clustershift.yaml") },
    edges: {
      env: {},
      cwd: dir,
      now: () => new Date(),
      sleep: (ms: number) => new Promise((done) => setTimeout(done, ms)),
      random: Math.random,
      signal: new AbortController().signal,
    },
  } as unknown as Context;
  const project = await openProject(context);
  const run = new RunFolder(project.runsDir, "run-1");
  const started: JournalRecord = {
    type: "event",
    phase: "cutover",
    event: "started",
    data: { attempt: 1, steps: [5, 25, 100], holdMs: 0, targets: [] },
  };
  const passed = events.map(
    (stage): JournalRecord => ({ type: "event", phase: "cutover", event: "stage-passed", data: { stage } }),
  );
  const journal = journalOf(
    ...[started, ...passed].map((entry) => ["2026-11-28T22:00:00Z", entry] as [string, JournalRecord]),
  );
  return evidenceAfter(stage, { project, run, record, kube, planHash: "plan", journal, context });
}

describe("evidence after a stage", () => {
  it("is that of smoke checks, analysis and green's health together, without parity", async () => {
    const verdict = await evidence([{ kind: "parity", name: "nothing lost" }, workloads], [own("orders", "exit 0")]);
    expect(verdict.checks?.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["all ready", "inconclusive"],
      ["orders", "passed"],
      ["green's health", "passed"],
    ]);
    expect(verdict).toMatchObject({
      outcome: "inconclusive",
      detail: expect.stringMatching(/^all ready: There are no/),
    });
  });

  it("fails by analysis where green itself can't even be asked", async () => {
    const down = { ...green, info: () => Promise.reject(new Error("green is down")) };
    const verdict = await evidence([workloads], [own("orders", "echo none; exit 1")], { kube: down });
    expect(verdict).toMatchObject({
      outcome: "failed",
      detail:
        "orders: exit 1: none; smoke: no check could be made: green is down; green's health: it can't be looked at: green is down",
    });
  });

  it("tells checks which step it is, and green's share where a step changes none", async () => {
    const say = own("step", 'echo "$CLUSTERSHIFT_STEP $CLUSTERSHIFT_SHARE $CLUSTERSHIFT_RUN $CLUSTERSHIFT_GREEN"');
    expect(await evidence([], [say])).toMatchObject({
      checks: [{ detail: "exit 0: share/25 25 run-1 acme-1-35" }, { outcome: "passed" }],
    });
    const later = { stage: "elastic-ip/syslog/eu-central-1a", events: ["share/5", "share/100"] };
    expect(await evidence([], [say], later)).toMatchObject({
      outcome: "passed",
      checks: [{ detail: "exit 0: elastic-ip/syslog/eu-central-1a 100 run-1 acme-1-35" }, { outcome: "passed" }],
    });
  });

  it("is none where nothing is checked", async () => {
    expect(await evidence([{ kind: "parity", name: "nothing lost" }], [])).toMatchObject({
      outcome: "failed",
      detail: "there are no checks",
    });
  });
});
