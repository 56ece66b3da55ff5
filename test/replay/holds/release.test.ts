import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeWriter } from "../../../src/kube/api.js";
import { type HeldObject, type HeldRecord, releasedKeys, stillHeld, toHoldAgain } from "../../../src/model/held.js";
import type { Journal, JournalEntry } from "../../../src/model/journal.js";
import { type KubeObject, refKey, refOf } from "../../../src/model/objects.js";
import { changesOf } from "../../../src/replay/changes/index.js";
import { holdChanges } from "../../../src/replay/holds/index.js";
import { type HoldEdges, holdAgain, release } from "../../../src/replay/holds/release.js";
import { Hand, open, servers, why } from "../servers.js";

/** A journal in memory; `dies` throws instead of the record of that number, as kill -9 would. */
function memoryJournal(entries: JournalEntry[] = [], dies = Number.POSITIVE_INFINITY): Journal {
  return {
    entries: () => [...entries],
    async append(record) {
      if (entries.length + 1 >= dies) throw new Killed();
      entries.push({ ...structuredClone(record), seq: entries.length + 1, at: "2026-11-28T22:00:00Z", sum: "" });
    },
  };
}
class Killed extends Error {}

describe.skipIf(!servers)(`releasing on a real green${why}`, () => {
  const mark = `holds-${randomBytes(4).toString("hex")}`;
  let hand: Hand;
  let clusterId = "";
  const edges = (journal: Journal, green: KubeWriter = hand.server): HoldEdges => ({ green, journal, now: Date.now });

  const template = (image: string) => ({
    metadata: { labels: { app: "one" } },
    spec: { containers: [{ name: "one", image }] },
  });
  const workload = (kind: string, name: string, spec: object): KubeObject => ({
    apiVersion: kind === "CronJob" || kind === "Job" ? "batch/v1" : "apps/v1",
    kind,
    metadata: { name, namespace: mark },
    spec: kind === "CronJob" || kind === "Job" ? spec : { selector: { matchLabels: { app: "one" } }, ...spec },
  });
  const job = { template: { spec: { restartPolicy: "Never", containers: [{ name: "one", image: "acme/one" }] } } };
  const cronJob = (name: string) => workload("CronJob", name, { schedule: "0 0 1 1 *", jobTemplate: { spec: job } });
  const blue = {
    dns: workload("Deployment", "dns", { replicas: 2, template: template("acme/external-dns:v1") }),
    agent: workload("DaemonSet", "agent", { template: template("acme/agent:v1") }),
    yearly: cronJob("yearly"),
    import: workload("Job", "import", job),
  };
  const select = { namespace: mark, kind: "DaemonSet" };
  const changes = holdChanges({
    hold: [{ name: "agents", reason: "they report", select, until: "cutover" }],
    dontHold: [],
  });

  /** Writes objects to green as a replay does, and says what was held. */
  async function arrive(...objects: KubeObject[]): Promise<HeldObject[]> {
    const held: HeldObject[] = [];
    for (const object of objects) {
      const [made] = changesOf(object, changes, { listed: () => [] } as never);
      if (!made?.held) throw new Error(`${object.metadata.name} isn't held`);
      await hand.remove(object);
      await hand.server.create(await resourceOf(object), made.after, { fieldManager: "clustershift" });
      held.push({ object: refOf(object), apiVersion: object.apiVersion, ...made.held });
    }
    return held;
  }
  async function resourceOf({ apiVersion, kind }: KubeObject) {
    const { resources } = await hand.server.discover();
    const found = resources.find((each) => `${each.group}/${each.version}` === apiVersion && each.kind === kind);
    if (!found) throw new Error(`no ${kind}`);
    return found;
  }
  const specOf = async (object: KubeObject) => (await hand.read(object))?.spec as Record<string, unknown>;
  const suspendedOf = async (object: KubeObject) => (await specOf(object)).suspend;
  const jobsOf = async (object: KubeObject): Promise<string[]> => {
    const names: string[] = [];
    for await (const { items } of hand.server.pages(await resourceOf(blue.import), { namespace: mark })) {
      names.push(...items.map(({ metadata }) => metadata.name));
    }
    return names.filter((name) => name.startsWith(`${object.metadata.name}-`));
  };

  beforeAll(async () => {
    if (!servers) return;
    hand = new Hand(await open(servers.greenFile));
    ({ clusterId } = await hand.server.info());
    await hand.write({ apiVersion: "v1", kind: "Namespace", metadata: { name: mark } });
  });
  afterAll(async () => {
    if (!servers) return;
    await hand.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name: mark } });
    await hand.server.close();
  });

  it("gives each kind back what blue has, holds it again, and releases it again; the journal always knows", async () => {
    const held = await arrive(...Object.values(blue));
    const record: HeldRecord = { format: 1, at: "", green: { clusterId }, objects: held };
    const journal = memoryJournal();
    const acts = async () => ({
      dns: (await specOf(blue.dns)).replicas,
      agent: ((await specOf(blue.agent)).template as { spec: { nodeSelector?: object } }).spec.nodeSelector,
      yearly: await suspendedOf(blue.yearly),
      import: await suspendedOf(blue.import),
    });
    const quiet = { dns: 0, agent: { "clustershift.dev/held": "true" }, yearly: true, import: true };
    const acting = { dns: 2, agent: undefined, yearly: false, import: false };
    expect(await acts()).toEqual(quiet);
    expect(stillHeld(record, journal.entries())).toEqual(held);
    for (const round of [1, 2]) {
      expect((await release(held, edges(journal))).map(({ outcome }) => outcome)).toEqual(Array(4).fill("done"));
      expect(await acts()).toEqual(acting);
      expect(stillHeld(record, journal.entries())).toEqual([]);
      expect(releasedKeys(journal.entries(), clusterId)).toEqual(new Set(held.map(({ object }) => refKey(object))));
      expect(releasedKeys(journal.entries(), "another green")).toEqual(new Set());

      expect((await holdAgain(edges(journal))).map(({ outcome }) => outcome)).toEqual(Array(4).fill("done"));
      expect(await acts()).toEqual(quiet);
      expect(stillHeld(record, journal.entries())).toEqual(held);
      expect(toHoldAgain(journal.entries(), clusterId)).toEqual([]);
      const { length } = journal.entries();
      expect(await holdAgain(edges(journal))).toEqual([]);
      expect(journal.entries()).toHaveLength(length);
      const steps = journal.entries().flatMap((entry) => (entry.type === "intent" ? [entry.step] : []));
      expect(new Set(steps).size).toBe(8 * round);
    }
  });

  it("goes on after kill -9 before any record, and does nothing twice", async () => {
    const objects = [cronJob("killed-1"), cronJob("killed-2")];
    const held = await arrive(...objects);
    const entries: JournalEntry[] = [];
    let writes = 0;
    const counting: KubeWriter = {
      ...hand.server,
      patch: (resource, name, patch, options) => {
        if (options.type === "json") writes++;
        return hand.server.patch(resource, name, patch, options);
      },
    };
    const record: HeldRecord = { format: 1, at: "", green: { clusterId }, objects: held };
    const forth = (journal: Journal) => release(stillHeld(record, journal.entries()), edges(journal, counting));
    const back = (journal: Journal) => holdAgain(edges(journal, counting));
    for (const last of [1, 2, 3, 4]) {
      for (const [go, suspended] of [
        [forth, false],
        [back, true],
      ] as const) {
        await expect(go(memoryJournal(entries, entries.length + last))).rejects.toThrow(Killed);
        await go(memoryJournal(entries));
        expect(await Promise.all(objects.map(suspendedOf))).toEqual([suspended, suspended]);
        expect(await go(memoryJournal(entries))).toEqual([]);
      }
    }
    expect(writes).toBe(4 * 2 * 2);
    const intents = entries.flatMap((entry) => (entry.type === "intent" ? [entry.step] : []));
    expect(new Set(intents).size).toBe(writes);
    expect(entries.filter(({ type }) => type === "done")).toHaveLength(writes);
  });

  it("leaves what somebody else changed, also between the look and the write, and says what is gone", async () => {
    const held = await arrive(blue.dns, cronJob("gone"), cronJob("raced"));
    const resource = await resourceOf(blue.dns);
    const scale = (replicas: number) =>
      hand.server.patch(resource, "dns", { spec: { replicas } }, { type: "merge", namespace: mark });
    await scale(5);
    await hand.remove(cronJob("gone"));
    const journal = memoryJournal();
    const outcomes = await release(held, edges(journal));
    expect(outcomes.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ["left", "/spec/replicas is 5"],
      ["gone", undefined],
      ["done", undefined],
    ]);
    expect((await specOf(blue.dns)).replicas).toBe(5);

    await scale(0);
    const faster: KubeWriter = {
      ...hand.server,
      patch: async (patched, name, patch, options) => {
        if (options.type === "json") await scale(7);
        return hand.server.patch(patched, name, patch, options);
      },
    };
    const [raced] = await release(held.slice(0, 1), edges(journal, faster));
    expect(raced).toMatchObject({ outcome: "left", detail: "/spec/replicas is 7" });
    expect((await specOf(blue.dns)).replicas).toBe(7);
    // A rollback makes it quiet whatever it is by now: what was released may not act beside blue.
    await scale(0);
    await release(held.slice(0, 1), edges(journal));
    await scale(9);
    expect(await holdAgain(edges(journal))).toMatchObject([{ outcome: "done" }, { outcome: "done" }]);
    expect((await specOf(blue.dns)).replicas).toBe(0);
  });

  it("leaves the field to whoever had it, also after kill -9", async () => {
    const [theirs, nobodys] = [cronJob("theirs"), cronJob("nobodys")];
    const held = await arrive(theirs, nobodys);
    const resource = await resourceOf(theirs);
    const managersOf = async (object: KubeObject) =>
      ((await hand.read(object))?.metadata.managedFields ?? []).map((entry) => {
        const { manager, fieldsV1 } = entry as { manager: string; fieldsV1: { "f:spec"?: object } };
        return [manager, Object.keys(fieldsV1["f:spec"] ?? {}).includes("f:suspend")];
      });
    // As a replay leaves them: nothing in our name.
    for (const [name, manager] of [
      ["theirs", "helm"],
      ["nobodys", undefined],
    ] as const) {
      const fieldsV1 = { "f:spec": { "f:suspend": {}, "f:schedule": {} } };
      const entry = { manager, operation: "Update", apiVersion: "batch/v1", fieldsType: "FieldsV1", fieldsV1 };
      const patch = { metadata: { managedFields: manager ? [entry] : [{}] } };
      await hand.server.patch(resource, name, patch, { type: "merge", namespace: mark });
    }
    const entries: JournalEntry[] = [];
    await expect(release(held, edges(memoryJournal(entries, 2)))).rejects.toThrow(Killed);
    await release(held, edges(memoryJournal(entries)));
    expect(await managersOf(theirs)).toEqual([["helm", true]]);
    expect(await managersOf(nobodys)).toEqual([]);
    await holdAgain(edges(memoryJournal(entries)));
    expect(await managersOf(theirs)).toEqual([["helm", true]]);
    expect(await managersOf(nobodys)).toEqual([]);
  });

  it("doesn't let a CronJob make up for what blue ran", async () => {
    const [quietly, naively] = [cronJob("quietly"), cronJob("naively")];
    const held = await arrive(quietly, naively);
    const resource = await resourceOf(quietly);
    // As it is after a long hold: its last time was missed.
    const status = { lastScheduleTime: new Date(Date.now() - 800 * 86_400_000).toISOString().replace(/\.\d+/, "") };
    for (const { metadata } of [quietly, naively])
      await hand.server.patch(
        resource,
        metadata.name,
        { status },
        { type: "merge", namespace: mark, subresource: "status" },
      );
    await release(held.slice(0, 1), edges(memoryJournal()));
    await hand.server.patch(resource, "naively", { spec: { suspend: false } }, { type: "merge", namespace: mark });
    while ((await jobsOf(naively)).length === 0) await sleep(100);
    expect(await jobsOf(quietly)).toEqual([]);
  });
});
