import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KubeError } from "../../../src/kube/api.js";
import { floors } from "../../../src/model/edit.js";
import type { Journal, JournalEntry } from "../../../src/model/journal.js";
import type { KubeObject } from "../../../src/model/objects.js";
import {
  type EditEdges,
  type FieldEditor,
  putBack,
  setFields,
  standingEdits,
  type Wanted,
} from "../../../src/workloads/edits/carry-out.js";
import { valueAt } from "../../../src/workloads/fields.js";
import { Killed, memoryJournal } from "../journal.js";

const path = ["spec", "minReplicas"];
const scaler = (name: string, ours: number): Wanted => ({
  object: { group: "autoscaling", kind: "HorizontalPodAutoscaler", namespace: "shop", name },
  apiVersion: "autoscaling/v2",
  path,
  ours,
});

/** A server of a few numbers, that can die before and after each write, and refuse. */
class World {
  readonly values = new Map<string, number | undefined>();
  writes = 0;
  dieAfter = Number.POSITIVE_INFINITY;
  dieBefore = Number.POSITIVE_INFINITY;
  conflicts = 0;

  readonly editor: FieldEditor = {
    clusterId: "green",
    get: async ({ object }) => this.object(object.name),
    set: async ({ object }, live, value) => {
      if (this.writes + 1 >= this.dieBefore) throw new Killed();
      if (this.conflicts-- > 0 || live.metadata.resourceVersion !== String(this.writes))
        throw new KubeError(409, "Conflict", "the object has been modified");
      this.writes++;
      this.values.set(object.name, value as number);
      if (this.writes >= this.dieAfter) throw new Killed();
    },
  };

  private object(name: string): KubeObject | undefined {
    if (!this.values.has(name)) return undefined;
    const metadata = { name, namespace: "shop", resourceVersion: String(this.writes) };
    return { apiVersion: "autoscaling/v2", kind: "x", metadata, spec: { minReplicas: this.values.get(name) } };
  }
}

const edgesOf = (world: World, journal: Journal): EditEdges => ({ editor: world.editor, journal, verbs: floors });
const lower = (edges: EditEdges) => putBack(standingEdits(edges), edges);
const outcomes = (all: { outcome: string }[]) => all.map(({ outcome }) => outcome);

describe("editing fields for a while", () => {
  it("sets them once, and puts back what was there", async () => {
    const world = new World();
    world.values.set("web", 2).set("api", undefined);
    const edges = edgesOf(world, memoryJournal());
    const wanted = [scaler("web", 7), scaler("api", 3), scaler("gone", 3)];
    expect(outcomes(await setFields(wanted, edges))).toEqual(["done", "done", "gone"]);
    expect(outcomes(await setFields(wanted, edges))).toEqual(["already", "already", "gone"]);
    expect(world.values).toEqual(
      new Map([
        ["web", 7],
        ["api", 3],
      ]),
    );
    expect(outcomes(await lower(edges))).toEqual(["done", "done"]);
    expect(world.values).toEqual(
      new Map([
        ["web", 2],
        ["api", undefined],
      ]),
    );
    expect([await lower(edges), world.writes]).toEqual([[], 4]);
  });

  it("goes back to the first value, however often it followed blue up", async () => {
    const world = new World();
    world.values.set("web", 2);
    const edges = edgesOf(world, memoryJournal());
    for (const ours of [5, 8, 9]) await setFields([scaler("web", ours)], edges);
    await lower(edges);
    expect(world.values.get("web")).toBe(2);
    await setFields([scaler("web", 4)], edges);
    expect(world.values.get("web")).toBe(4);
    await lower(edges);
    expect(world.values.get("web")).toBe(2);
  });

  it("leaves what somebody else changed meanwhile, and tells what is there", async () => {
    const world = new World();
    world.values.set("web", 2).set("api", 1);
    const edges = edgesOf(world, memoryJournal());
    await setFields([scaler("web", 7), scaler("api", 7)], edges);
    world.values.set("web", 4);
    expect(await setFields([scaler("web", 7)], edges)).toEqual([
      expect.objectContaining({ outcome: "left", detail: "spec.minReplicas is 4" }),
    ]);
    expect(outcomes(await lower(edges))).toEqual(["done", "left"]);
    expect(world.values).toEqual(
      new Map([
        ["web", 4],
        ["api", 1],
      ]),
    );
    expect(await lower(edges)).toEqual([]);
  });

  it("takes nothing for its own that was so before", async () => {
    const world = new World();
    world.values.set("web", 7);
    const edges = edgesOf(world, memoryJournal());
    expect(outcomes(await setFields([scaler("web", 7)], edges))).toEqual(["already"]);
    expect(await lower(edges)).toEqual([]);
    expect(edges.journal.entries()).toEqual([]);
  });

  it("tries again where a controller wrote in between, and says so where it never ends", async () => {
    const world = new World();
    world.values.set("web", 2);
    const edges = edgesOf(world, memoryJournal());
    world.conflicts = 3;
    expect(outcomes(await setFields([scaler("web", 7)], edges))).toEqual(["done"]);
    world.conflicts = 1_000;
    expect(await lower(edges)).toEqual([
      expect.objectContaining({ outcome: "failed", detail: "the object has been modified" }),
    ]);
    expect(world.values.get("web")).toBe(7);
    world.conflicts = 0;
    expect(outcomes(await lower(edges))).toEqual(["done"]);
  });

  it("killed before and after any record and any effect, goes on or goes back, and does nothing twice", async () => {
    const kill = fc.record({
      journal: fc.integer({ min: 1, max: 12 }),
      before: fc.integer({ min: 1, max: 6 }),
      after: fc.integer({ min: 1, max: 6 }),
      way: fc.constantFrom("up", "down"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(kill, { maxLength: 6 }), fc.constantFrom("up", "down"), async (kills, last) => {
        const world = new World();
        world.values.set("web", 2).set("api", undefined).set("job", 1);
        const entries: JournalEntry[] = [];
        const wanted = [scaler("web", 7), scaler("api", 3), scaler("job", 4)];
        const go = (way: string, journal: Journal) =>
          way === "up" ? setFields(wanted, edgesOf(world, journal)) : lower(edgesOf(world, journal));
        for (const { journal, before, after, way } of kills) {
          world.dieBefore = world.writes + before;
          world.dieAfter = world.writes + after;
          await go(way, memoryJournal(entries, entries.length + journal)).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
        }
        world.dieBefore = Number.POSITIVE_INFINITY;
        world.dieAfter = Number.POSITIVE_INFINITY;
        const told = outcomes(await go(last, memoryJournal(entries)));
        expect(told.filter((outcome) => outcome === "left" || outcome === "failed")).toEqual([]);
        const [web, api, job] = last === "up" ? [7, 3, 4] : [2, undefined, 1];
        expect(world.values).toEqual(
          new Map([
            ["web", web],
            ["api", api],
            ["job", job],
          ]),
        );
        const writes = world.writes;
        await go(last, memoryJournal(entries));
        expect(world.writes).toBe(writes);
        await go("down", memoryJournal(entries));
        expect(world.values).toEqual(
          new Map([
            ["web", 2],
            ["api", undefined],
            ["job", 1],
          ]),
        );
      }),
      { numRuns: 300 },
    );
  });
});

it("finds no field where a path leads nowhere", () => {
  const object = { apiVersion: "v1", kind: "x", metadata: { name: "x" }, spec: { list: [1] } };
  expect([valueAt(object, ["spec", "none", "deep"]), valueAt(object, ["spec", "list", "0"])]).toEqual([
    undefined,
    undefined,
  ]);
});
