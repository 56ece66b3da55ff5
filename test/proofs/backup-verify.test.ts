import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { unreadable } from "./backup/plants.js";
import { judgeAll, wrongOf } from "./backup-verify.js";

/** The proof's short form: all that is found before anything is restored. */
it("names what is wrong with backups that can't be read", async () => {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-backup-verify-"));
  try {
    const judged = await judgeAll(unreadable, { dir });
    expect(wrongOf(judged)).toEqual([]);
    expect(judged.length).toBeGreaterThanOrEqual(20);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}, 60_000);
