import { rm, truncate } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { BackupVerification } from "../../src/model/backup.js";
import type { Status } from "../../src/run/status.js";
import { configuredPlace, expectRefusal, placeWithRun } from "./place.js";

describe("backup verify", () => {
  it("says of a damaged bundle what is wrong with it, and keeps that where gates and status look", async () => {
    const { place, run } = await placeWithRun();
    await truncate(run.path("bundle", "objects", "ConfigMap.jsonl"), 20);
    await truncate(run.path("bundle", "objects", "Secret.jsonl"), 20);
    const { code, json } = await place.json<{ verification: BackupVerification; written: string }>("backup", "verify");
    expect(code).toBe(77);
    expect(json.verification.defects.map(({ id }) => id)).toEqual(["truncated", "truncated"]);
    expect(json.written).toBe(run.path("backup.json"));
    expect((await run.read("backup.json"))?.verifications.at(-1)).toEqual(json.verification);
    const text = await place.run(["backup", "verify"]);
    expect(text.stdout).toContain("Defect    truncated: ");
    expect(text.stdout).toContain("It isn't fit: 2 defect(s).");
  });

  it("tells by a dry run what it would read and start, and does nothing", async () => {
    const { place, run } = await placeWithRun();
    await rm(run.path("backup.json"));
    const { code, json } = await place.json("backup", "verify", "--dry-run");
    expect({ code, json }).toMatchObject({
      code: 0,
      json: { objects: 3, control: { version: "1.24.17", because: "the backup's own version" }, asksBlue: true },
    });
    expect(await run.read("backup.json")).toBeUndefined();
  });

  it("refuses where there is no bundle, and what is no backup", async () => {
    const { place, run } = await placeWithRun();
    await expectRefusal(place, ["backup", "verify", "nowhere"], {
      code: "usage",
      what: "nowhere",
      fix: "Name a folder",
    });
    await rm(run.bundlePath, { recursive: true });
    await expectRefusal(place, ["backup", "verify"], {
      code: "bundle-missing",
      what: "no bundle",
      fix: "clustershift export",
    });
  });
});

describe("backup list", () => {
  it("shows the bundles of all runs, and whether they were verified", async () => {
    const { place, run } = await placeWithRun();
    const { json } = await place.json<{ backups: object[] }>("backup", "list");
    expect(json.backups).toEqual([
      expect.objectContaining({
        path: run.bundlePath,
        objects: 3,
        phase: "whole",
        verified: expect.objectContaining({ outcome: "passed" }),
      }),
    ]);
    await truncate(run.path("bundle", "bundle.json"), 20);
    const after = await place.json<{ backups: object[] }>("backup", "list");
    expect(after.json.backups).toEqual([expect.objectContaining({ phase: "unreadable", verified: null })]);
    const { json: status } = await place.json<Status>("status");
    expect(status.backup).toMatchObject({ outcome: "passed" });
  });

  it("says where there is none", async () => {
    const place = await configuredPlace();
    expect((await place.run(["backup", "list"])).stdout).toContain("There is no backup yet");
  });
});
