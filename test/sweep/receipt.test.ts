import { expect, it } from "vitest";
import { receiptOf } from "../../src/sweep/receipt.js";
import { memoryJournal } from "../traffic/world.js";

it("tells by the journal what was done, and by the last look what stays", async () => {
  const journal = memoryJournal();
  const resource = (id: string) => ({ kind: "volume" as const, id, name: id, because: "its tag" });
  const step = async (name: string, before: unknown, result: unknown = {}) => {
    await journal.append({
      type: "intent",
      step: name,
      phase: "teardown",
      what: "w",
      target: "t",
      before,
      after: null,
    });
    await journal.append({ type: "done", step: name, result });
  };
  await step("drain/Service shop/web", { names: [] });
  await step(
    "snapshot/vol-1",
    { volume: "vol-1", of: "PersistentVolume a", keepUntil: "2027" },
    { snapshot: "snap-1" },
  );
  await step("teardown/blue", {});
  await step("sweep/security-group-rules/sg-1", { others: [] });
  await step("sweep/volume/vol-1", { ...resource("vol-1"), tags: {} });
  await journal.append({
    ...{ type: "intent", step: "sweep/volume/vol-2", phase: "sweep", what: "w", target: "t" },
    ...{ before: resource("vol-2"), after: null },
  });
  const resources = [{ ...resource("vol-3"), kept: "green's" }, resource("vol-2")];
  const at = "2026-11-28T22:00:00.000Z";
  const unseen = [{ kind: "record" as const, why: "AccessDenied" }];
  expect(receiptOf(journal.entries(), { resources, unseen }, { at, blue: "blue", bundle: null })).toEqual({
    format: 1,
    ...{ at, blue: "blue", goneAt: at, bundle: null, unseen },
    drained: [{ object: "Service shop/web", at }],
    snapshots: [{ id: "snap-1", volume: "vol-1", of: "PersistentVolume a", at, keepUntil: "2027" }],
    removed: [{ ...resource("vol-1"), at }],
    kept: [resources[0]],
    left: [resources[1]],
  });
});
