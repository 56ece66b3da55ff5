import { expect, it } from "vitest";
import type { ForwardScene, KeepsHeld } from "../../../src/commands/shared/acts/act.js";
import { volumesAct } from "../../../src/commands/shared/acts/volumes.js";
import { parseConfig } from "../../../src/config/parse.js";
import type { JournalEntry } from "../../../src/model/journal.js";
import type { KubeObject, ObjectRef } from "../../../src/model/objects.js";
import { type RestoredClaim, restoredEvent } from "../../../src/model/restored.js";
import type { PlannedVolume } from "../../../src/model/volumes.js";
import { virtualClock } from "../../aws/clock.js";
import { soundEvidence } from "../../run/evidence.js";
import { bound, sources } from "../../volumes/objects.js";
import { memoryJournal } from "../../workloads/journal.js";

const ref = (group: string, kind: string, name: string): ObjectRef => ({ group, kind, namespace: "shop", name });
const planned = (name: string, user: string): PlannedVolume => ({
  claim: ref("", "PersistentVolumeClaim", name),
  ...{ strategy: "hand-over", rule: "exclusive-workload", reason: "It is stopped.", volume: `pv-shop-${name}` },
  ...{ handle: `vol-${name}`, zone: { from: "eu-central-1a", to: "eu-central-1a" } },
  users: [ref("apps", "Deployment", user)],
});
const exclusive = (name: string) => {
  const object = ref("apps", "Deployment", name);
  return { object, rule: "databases", edited: object, field: "spec.replicas", value: 0 };
};

/** A cutover that has moved all traffic, where AWS gives no answer. */
function sceneOf(entries: JournalEntry[], volumes = [planned("a", "db"), planned("b", "queue")]): ForwardScene {
  const sound = soundEvidence();
  const clock = virtualClock();
  const objects = ["a", "b"].flatMap((name) =>
    bound({ name, source: sources.csi(`vol-${name}`), zone: "eu-central-1a" }),
  );
  const config = parseConfig(
    `{apiVersion: clustershift.dev/v1, environment: e, blue: {name: b, context: b}, green: {name: g, version: "1.35", stack: {kind: sandbox}}, aws: {region: eu-central-1, endpoint: "http://127.0.0.1:9"}}`,
    "clustershift.yaml",
  );
  const edges = {
    now: () => new Date(clock.now()),
    sleep: clock.sleep,
    random: () => 0.5,
    signal: new AbortController().signal,
  };
  return {
    project: { config },
    run: { id: "r1", read: async () => undefined },
    record: sound.green,
    journal: memoryJournal(entries),
    context: { edges, progress: { line() {}, warn() {}, tick() {} } },
    evidence: { ...sound, plan: { ...sound.plan, volumes, exclusive: [exclusive("db"), exclusive("queue")] } },
    blue: {
      async *pages() {
        yield { items: objects.filter(({ kind }) => kind === "PersistentVolume"), resourceVersion: "1" };
      },
    },
    green: {
      get: async (_: unknown, name: string): Promise<KubeObject | undefined> =>
        objects.find(({ metadata }) => metadata.name === name),
    },
  } as unknown as ForwardScene;
}
const held = (name: string) => ({ hold: "databases", object: ref("apps", "Deployment", name) });

it("moves no volume of what may still run on blue, nor any that AWS can't be asked about, and releases none of their workloads", async () => {
  const entries: JournalEntry[] = [];
  const running: KeepsHeld = ({ object, hold }) => hold === "databases" && object.name === "db";
  const outcome = await volumesAct.carryOut(sceneOf(entries), running);
  expect(outcome).toMatchObject({ failed: true });
  expect(outcome.lines).toEqual([
    "0 of 2 volume(s) bound to green's claims.",
    expect.stringContaining("NOT shop/a:"),
    expect.stringMatching(/NOT shop\/b: DescribeVolumes of vol-b failed/),
  ]);
  expect(["db", "queue", "web"].map((name) => outcome.keepsHeld?.(held(name)))).toEqual([true, true, false]);
  expect(entries).toEqual([]);

  const none = await volumesAct.carryOut(sceneOf(entries), () => true);
  expect(none.lines.slice(1)).toEqual([
    "  NOT shop/a: Deployment.apps shop/db may still run on blue",
    "  NOT shop/b: Deployment.apps shop/queue may still run on blue",
  ]);
});

it("keeps held what waits for Velero, and lets go of it once that is restored", async () => {
  const entries: JournalEntry[] = [];
  const byVelero = (name: string, user: string): PlannedVolume => ({ ...planned(name, user), strategy: "velero" });
  const scene = sceneOf(entries, [byVelero("a", "db"), byVelero("b", "queue")]);
  const data = { claim: "shop/a", clusterId: scene.record.clusterId, restore: "r" } satisfies RestoredClaim;
  await scene.journal.append({ ...restoredEvent, data });
  expect((await volumesAct.plan(scene)).lines).toEqual([expect.stringContaining("Left to Velero"), "  shop/b"]);
  const outcome = await volumesAct.carryOut(scene, () => false);
  expect(outcome).toMatchObject({
    failed: true,
    lines: ["  NOT shop/b: Velero hasn't restored it: clustershift volumes restore"],
  });
  // One that the plan doesn't know by this name may wait for either.
  const waiting = (name: string) => ({ hold: "velero-volumes", object: ref("apps", "StatefulSet", name) });
  expect([held("db"), held("queue"), waiting("renamed")].map((each) => outcome.keepsHeld?.(each))).toEqual([
    ...[false, true, true],
  ]);
  await scene.journal.append({ ...restoredEvent, data: { ...data, claim: "shop/b" } });
  expect(await volumesAct.carryOut(scene, () => false)).toMatchObject({ failed: false, lines: [] });
});

it("tells what it would move, and what a way back would wait for", async () => {
  const entries: JournalEntry[] = [];
  const scene = sceneOf(entries);
  expect((await volumesAct.plan(scene)).lines).toEqual([
    "Then volumes, copied or handed over to green",
    "  shop/a: hand vol-a over (eu-central-1a)",
    "  shop/b: hand vol-b over (eu-central-1a)",
  ]);
  expect((await volumesAct.planBack(scene)).lines).toEqual([]);
  expect(await volumesAct.takeBack(scene)).toMatchObject({ failed: false, json: null });
  const after = {
    claim: "shop/a",
    strategy: "hand-over",
    volume: "pv-shop-a",
    handle: "vol-a",
    reclaimPolicy: "Delete",
  };
  const intent = {
    type: "intent",
    step: "volumes-1/bind/shop/a",
    phase: "volumes",
    what: "",
    target: "",
    before: null,
    after,
  } as const;
  await scene.journal.append(intent);
  expect((await volumesAct.planBack(scene)).lines).toEqual([
    "Then volumes, back to blue",
    "  vol-a, once green has let go of it",
  ]);
  expect((await volumesAct.plan(scene)).lines).toHaveLength(2);
  // Blue must serve: that AWS gives no answer is told, and stops nothing.
  expect(await volumesAct.takeBack(scene)).toMatchObject({ failed: true, blueLacks: true });
});
