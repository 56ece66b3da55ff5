import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { defects, withVerification } from "../../src/model/backup.js";
import { verifiedBackup } from "../run/evidence.js";

it("every defect is in docs/backups.md", () => {
  const page = readFileSync(fileURLToPath(new URL("../../docs/backups.md", import.meta.url)), "utf8");
  const named = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map(([, id]) => id);
  expect(named).toEqual(Object.keys(defects));
});

it("of each backup the latest verification is kept", () => {
  const one = verifiedBackup("one", "2026-11-28T10:00:00Z");
  const two = {
    ...verifiedBackup("two", "2026-11-28T11:00:00Z"),
    backup: { ...one.backup, path: "other", identity: "two" },
  };
  const failed = { ...one, outcome: "failed" as const };
  const file = withVerification(withVerification(withVerification(undefined, one), two), failed);
  expect(file.verifications).toEqual([two, failed]);
});
