import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Written } from "../../src/model/ledger.js";
import { LedgerFile } from "../../src/run/ledger-file.js";
import { RunFolder } from "../../src/run/run-folder.js";
import { temporaryFolders } from "./temporary-folder.js";

const written = (uid: string): Written => ({
  uid,
  wanted: "w",
  state: "s",
  managers: { "helm Update v1 ": "1a2b3c4d" },
});

describe("a ledger's file", () => {
  const folder = temporaryFolders();
  const newRun = async (id: string) => new RunFolder(await folder(), id);

  it("remembers the last of each object, also what was never closed, and shrinks to it when it is", async () => {
    const run = await newRun("a");
    const killed = LedgerFile.open(run);
    killed.put("ConfigMap a/b", written(""));
    killed.put("ConfigMap a/b", written("1"));
    killed.put("Secret a/b", written("2"));
    const again = LedgerFile.open(run);
    expect(again.get("ConfigMap a/b")).toEqual(written("1"));
    expect(again.get("Secret a/b")).toEqual(written("2"));
    expect(again.get("Secret a/c")).toBeUndefined();
    expect([...again.objects()]).toEqual(["ConfigMap a/b", "Secret a/b"]);
    await again.close();
    expect(readFileSync(run.path("arrived.jsonl"), "utf8").trim().split("\n")).toHaveLength(2);
    const read = LedgerFile.read(run);
    expect(read.get("ConfigMap a/b")).toEqual(written("1"));
    expect([...read.objects()]).toEqual(["ConfigMap a/b", "Secret a/b"]);
  });

  it("loses a line that is damaged, and no other", async () => {
    const run = await newRun("b");
    const first = LedgerFile.open(run);
    first.put("ConfigMap a/b", written("1"));
    first.put("ConfigMap a/c", written("2"));
    truncateSync(run.path("arrived.jsonl"), readFileSync(run.path("arrived.jsonl")).length - 9);
    const second = LedgerFile.open(run);
    expect(second.get("ConfigMap a/c")).toBeUndefined();
    second.put("ConfigMap a/d", written("3"));
    appendFileSync(run.path("arrived.jsonl"), '{"object":"ConfigMap a/b","uid":7}\n');
    const third = LedgerFile.open(run);
    expect([third.get("ConfigMap a/b"), third.get("ConfigMap a/d")]).toEqual([written("1"), written("3")]);
    await third.close();
    await second.close();
  });

  it("is read without being made", async () => {
    const run = await newRun("c");
    expect(LedgerFile.read(run).get("ConfigMap a/b")).toBeUndefined();
    expect(existsSync(run.dir)).toBe(false);
  });
});
