import { rm, truncate } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { BackupVerification } from "../../src/model/backup.js";
import type { KubeObject } from "../../src/model/objects.js";
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

describe("backup create", () => {
  const velero = {
    context: "blue-backup",
    kubeconfig: "backup.yaml",
    spec: { ttl: "48h", includedNamespaces: ["shop"] },
  };

  it("tells by a dry run what it would create, named after the run, the command line before the configuration", async () => {
    const { place, run } = await placeWithRun({ backup: { velero } });
    const { code, json } = await place.json<{ backup: KubeObject }>("backup", "create", "--dry-run");
    expect({ code, backup: json.backup }).toMatchObject({
      code: 0,
      backup: {
        apiVersion: "velero.io/v1",
        kind: "Backup",
        metadata: { name: `clustershift-${run.id.toLowerCase()}`, namespace: "velero" },
        spec: { ttl: "48h", includedNamespaces: ["shop"] },
      },
    });
    const argv = [
      "backup",
      "create",
      "b",
      "--dry-run",
      "--ttl",
      "1h",
      "--include-namespaces",
      "a,b",
      "--no-snapshot-volumes",
    ];
    const other = await place.json<{ backup: KubeObject }>(...argv);
    expect(other.json.backup.spec).toEqual({ ttl: "1h", includedNamespaces: ["a", "b"], snapshotVolumes: false });
  });

  it("refuses where nobody has let it write to blue, without a name, and a name that Kubernetes wouldn't take", async () => {
    await expectRefusal(await configuredPlace(), ["backup", "create", "b"], {
      code: "config-invalid",
      what: "backup.velero is missing",
      fix: "clustershift permissions blue-backup",
    });
    const place = await configuredPlace("kubeconfig.yaml", { backup: { velero } });
    await expectRefusal(place, ["backup", "create"], {
      code: "usage",
      what: "no run yet",
      fix: "backup create before",
    });
    await expectRefusal(place, ["backup", "create", "Big"], { code: "usage", what: '"Big"', fix: "small letters" });
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
    const file = await run.read("backup.json");
    const verifications = (file?.verifications ?? []).map((each) => ({
      ...each,
      backup: { ...each.backup, keptUntil: "2027-01-01T00:00:00Z", schedule: "nightly" },
    }));
    await run.write("backup.json", { format: 1, verifications });
    expect((await place.run(["status"])).stdout).toMatch(
      /taken at \S+ by schedule nightly, kept until 2027-01-01T00:00:00Z, verified at/,
    );
  });

  it("says where there is none", async () => {
    const place = await configuredPlace();
    expect((await place.run(["backup", "list"])).stdout).toContain("There is no backup yet");
  });
});
