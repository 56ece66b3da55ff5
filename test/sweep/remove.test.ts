import { describe, expect, it } from "vitest";
import type { CloudResource } from "../../src/model/cloud.js";
import { lookAtCloud } from "../../src/sweep/look.js";
import { removeOrphans } from "../../src/sweep/remove.js";
import { type Cloudlet, cloudlet } from "./kinds.js";
import { protections, resource } from "./resources.js";

const asked = ({ kind, id, name }: CloudResource) => ({ kind, id, name, because: "its tag" });
const removeAll = ({ there, edges }: Cloudlet, parts: object = {}) =>
  removeOrphans([...there.values()].map(asked), { ...edges, ...parts });
const outcomes = (removals: Awaited<ReturnType<typeof removeOrphans>>) =>
  Object.fromEntries(removals.map(({ resource: { id }, outcome }) => [id, outcome]));
const types = ({ edges }: Cloudlet) => edges.journal.entries().map(({ type }) => type);

describe("removeOrphans", () => {
  it("deletes in the order in which things need each other, intent before effect", async () => {
    const cloud = cloudlet(
      resource("volume", "vol"),
      resource("security-group", "sg-1", { leadsTo: ["sg-2"], users: [{ id: "sg-2", how: "is named" }] }),
      resource("security-group", "sg-2", { leadsTo: ["sg-1"], users: [{ id: "sg-1", how: "is named" }] }),
      resource("load-balancer", "lb"),
      resource("record", "r", { tags: {}, owner: "prod-dns" }),
    );
    await removeAll(cloud);
    expect(cloud.removed).toEqual(["r", "lb", "rules of sg-1", "rules of sg-2", "sg-1", "sg-2", "vol"]);
    expect(types(cloud)).toEqual(cloud.removed.flatMap(() => ["intent", "done"]));
  });

  it("keeps what has become somebody's since the list was made, and says why", async () => {
    const cloud = cloudlet(resource("volume", "vol-1"), resource("volume", "vol-2"), resource("volume", "vol-3"));
    const [first, second, third] = [...cloud.there.values()].map(asked);
    cloud.there.set("vol-1", resource("volume", "vol-1", { users: [{ id: "i-1", how: "is attached to i-1" }] }));
    cloud.there.set("vol-2", resource("volume", "vol-2", { tags: {} }));
    const needed = async () => protections({ "vol-3": "green's PersistentVolume a needs it" });
    const list = [first, second, third].flatMap((each) => each ?? []);
    const removals = await removeOrphans(list, { ...cloud.edges, protections: needed });
    expect(removals.map(({ why }) => why)).toEqual([
      "it is attached to i-1",
      "nothing says any more that it's blue's",
      "green's PersistentVolume a needs it",
    ]);
    expect(cloud.removed).toEqual([]);
    expect(types(cloud)).toEqual(["event", "event", "event"]);
  });

  it("keeps everything where green can't be asked", async () => {
    const cloud = cloudlet(resource("volume", "vol"), resource("address", "eip"));
    const protections = () => Promise.reject(new Error("green is down"));
    const removals = await removeAll(cloud, { protections });
    expect(removals.map(({ outcome, why }) => [outcome, why])).toEqual(
      [1, 2].map(() => ["kept", "it can't be checked who needs it: green is down"]),
    );
    expect(cloud.removed).toEqual([]);
  });

  it("goes on past what AWS refuses, and believes what is there more than an error", async () => {
    const cloud = cloudlet(resource("volume", "vol-1"), resource("volume", "vol-2"), resource("volume", "vol-3"));
    cloud.refuses.set("vol-1", new Error("DependencyViolation"));
    const { remove } = cloud.edges.kinds.volume;
    const volume = {
      ...cloud.edges.kinds.volume,
      async remove(id: string) {
        await remove(id);
        if (id === "vol-2") throw new Error("the answer was lost");
      },
    };
    const removals = await removeAll(cloud, { kinds: { ...cloud.edges.kinds, volume } });
    expect(outcomes(removals)).toEqual({ "vol-1": "failed", "vol-2": "removed", "vol-3": "removed" });
    expect(types(cloud)).toEqual(["intent", "failed", "intent", "done", "intent", "done"]);
  });

  it("settles what a crash left open, and writes no intent twice", async () => {
    const cloud = cloudlet(resource("volume", "vol-2"));
    for (const id of ["vol-1", "vol-2"]) {
      const step = `sweep/volume/${id}`;
      const before = { kind: "volume", id };
      await cloud.edges.journal.append({
        type: "intent",
        step,
        phase: "sweep",
        what: "w",
        target: id,
        before,
        after: null,
      });
    }
    await removeAll(cloud);
    const steps = cloud.edges.journal.entries().map((entry) => `${entry.type} ${"step" in entry && entry.step}`);
    expect(steps.slice(2)).toEqual(["done sweep/volume/vol-1", "done sweep/volume/vol-2"]);
  });

  it("waits for interfaces of a load balancer that it has just deleted", async () => {
    const user = { id: "eni-1", of: "lb", how: "is a group of eni-1" };
    const cloud = cloudlet(resource("load-balancer", "lb"), resource("security-group", "sg", { users: [user] }));
    const { clock } = cloud.edges;
    const sleep = async (ms: number) => {
      await clock.sleep(ms);
      if (clock.now() > Date.parse("2026-11-28T22:01:00Z")) cloud.there.set("sg", resource("security-group", "sg"));
    };
    const removals = await removeAll(cloud, { clock: { ...clock, sleep } });
    expect(outcomes(removals)).toEqual({ lb: "removed", sg: "removed" });
  });

  it("stops between two deletions", async () => {
    const cloud = cloudlet(resource("volume", "vol"));
    await expect(removeAll(cloud, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "interrupted" });
    expect(cloud.removed).toEqual([]);
  });

  it("deletes nothing that the journal can't be told", async () => {
    const cloud = cloudlet(resource("volume", "vol"));
    const journal = { entries: () => [], append: () => Promise.reject(new Error("disk full")) };
    await expect(removeAll(cloud, { journal })).rejects.toThrow("disk full");
    expect(cloud.removed).toEqual([]);
  });
});

describe("lookAtCloud", () => {
  it("tells what can't be seen, and judges the rest", async () => {
    const cloud = cloudlet(resource("volume", "vol"), resource("snapshot", "snap"));
    cloud.unseen.set("snapshot", new Error("AccessDenied"));
    expect(await lookAtCloud(cloud.edges, false)).toEqual({
      resources: [{ kind: "volume", id: "vol", name: "vol", because: "the tag kubernetes.io/cluster/prod=owned" }],
      unseen: [{ kind: "snapshot", why: "AccessDenied" }],
    });
  });

  it("keeps load balancers where records can't be read, and records where load balancers can't", async () => {
    const all = [resource("load-balancer", "lb"), resource("record", "r", { tags: {}, owner: "prod-dns" })];
    for (const kind of ["record", "classic-load-balancer"] as const) {
      const cloud = cloudlet(...all);
      cloud.unseen.set(kind, new Error("AccessDenied"));
      const { resources } = await lookAtCloud(cloud.edges, false);
      expect(resources.map(({ kept }) => kept)).toEqual(
        resources.map(() => expect.stringContaining("can't be checked")),
      );
    }
  });

  it("keeps all where green can't be asked", async () => {
    const { edges } = cloudlet(resource("volume", "vol"));
    const look = await lookAtCloud({ ...edges, protections: () => Promise.reject(new Error("green is down")) }, false);
    expect(look.resources[0]?.kept).toBe("it can't be checked who needs it: green is down");
  });
});
