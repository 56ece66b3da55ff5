import { describe, expect, it } from "vitest";
import { KubeError } from "../../src/kube/api.js";
import type { KubeBackUp } from "../../src/kube/back-up.js";
import type { KubeObject } from "../../src/model/objects.js";
import { backupOf, createBackup, stateOf, untilEnded } from "../../src/velero/make-backup.js";
import { virtualClock } from "../aws/clock.js";

const wanted = backupOf("nightly", "velero", { includedNamespaces: ["*"] });

/** A blue that has one backup at most; `phases` are what Velero says of it, look by look. */
function blueWith(live: KubeObject | undefined, phases: object[] = []) {
  const created: KubeObject[] = [];
  const blue = {
    ...{ name: "blue", server: "", close: async () => {}, lacks: async () => undefined },
    info: async () => ({ version: "v1.24.17", clusterId: "blue" }),
    async get() {
      const found = created[0] ?? live;
      return found && { ...found, status: phases.length > 1 ? phases.shift() : phases[0] };
    },
    async create(backup: KubeObject) {
      created.push(backup);
      return backup;
    },
  } satisfies KubeBackUp;
  return { blue, created };
}

describe("a backup", () => {
  it("is created once: the same one that is there is gone on with, and another one is left alone", async () => {
    const { blue, created } = blueWith(undefined);
    expect(await createBackup(blue, wanted)).toBe("made");
    expect(await createBackup(blue, wanted)).toBe("there");
    expect(created).toHaveLength(1);
    const other = backupOf("nightly", "velero", { includedNamespaces: ["shop"] });
    await expect(createBackup(blue, other)).rejects.toMatchObject({ code: "usage" });
  });

  it("whose answer was lost was made all the same; one that is refused is told in the server's words", async () => {
    const { blue, created } = blueWith(undefined);
    const lost = {
      ...blue,
      async create(backup: KubeObject) {
        created.push(backup);
        throw new Error("socket hang up");
      },
    };
    expect(await createBackup(lost, wanted)).toBe("there");
    const refusing = {
      ...blueWith(undefined).blue,
      create: async () => {
        throw new KubeError(422, "Invalid", "spec.ttl: must be a duration");
      },
    };
    await expect(createBackup(refusing, wanted)).rejects.toMatchObject({
      code: "velero-unready",
      message: expect.stringContaining("spec.ttl: must be a duration"),
    });
  });

  it("is waited for until Velero has ended it", async () => {
    const { blue } = blueWith(wanted, [
      {},
      { phase: "InProgress", progress: { itemsBackedUp: 3, totalItems: 9 } },
      { phase: "Finalizing" },
      { phase: "PartiallyFailed", errors: 2, failureReason: "w" },
    ]);
    const seen: string[] = [];
    const { signal } = new AbortController();
    const state = await untilEnded(blue, wanted, {
      ...{ clock: virtualClock(), signal, timeoutMs: 60_000 },
      onProgress: ({ phase, done, total }) => seen.push(`${phase} ${done}/${total ?? "?"}`),
    });
    expect(seen).toEqual(["New 0/?", "InProgress 3/9", "Finalizing 0/?"]);
    expect(state).toMatchObject({ phase: "PartiallyFailed", errors: 2, reasons: ["w"] });
  });

  it("goes on where nobody waits any more, and it's said how far it is and what goes on waiting", async () => {
    const stopping = new AbortController();
    const { blue } = blueWith(wanted, [{ phase: "InProgress", progress: { itemsBackedUp: 3, totalItems: 9 } }]);
    const edges = { clock: virtualClock(), signal: stopping.signal, timeoutMs: 5_000 };
    await expect(untilEnded(blue, wanted, { ...edges, onProgress: () => {} })).rejects.toMatchObject({
      code: "effect-failed",
      message: expect.stringMatching(/it is InProgress, 3 of 9 items. It has not ended in time/),
    });
    const stopped = untilEnded(blue, wanted, { ...edges, onProgress: () => stopping.abort() });
    await expect(stopped).rejects.toMatchObject({
      code: "interrupted",
      message: expect.stringContaining("InProgress, 3 of 9 items"),
      fix: expect.stringContaining("clustershift backup create nightly"),
    });
  });

  it("that somebody deleted has failed", async () => {
    const { signal } = new AbortController();
    const edges = { clock: virtualClock(), signal, timeoutMs: 5_000, onProgress: () => {} };
    await expect(untilEnded(blueWith(undefined).blue, wanted, edges)).rejects.toMatchObject({ code: "backup-failed" });
  });

  it("that Velero has only heard of has no numbers yet", () => {
    expect(stateOf(wanted)).toEqual({ phase: "New", done: 0, errors: 0, warnings: 0, reasons: [] });
  });
});
