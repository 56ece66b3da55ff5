import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findProof, listProofs } from "../../scripts/proofs.js";

let dir = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "clustershift-proofs-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function add(file: string, name: string): void {
  const run = "async (report) => { report('at work'); return { holds: true, figures: { n: 1 } }; }";
  writeFileSync(join(dir, file), `export const proof = { name: "${name}", summary: "It holds.", run: ${run} };\n`);
}

describe("the registry of proofs", () => {
  it("is empty where there is no folder, or nothing in it", async () => {
    expect(await listProofs(join(dir, "nowhere"))).toEqual([]);
    expect(await listProofs(dir)).toEqual([]);
    expect(await findProof("any", dir)).toBeUndefined();
  });

  it("lists each proof by its name, and no helper", async () => {
    add("replay-again.ts", "replay-again");
    add("cutover-kills.ts", "cutover-kills");
    writeFileSync(join(dir, "_helper.ts"), "export const helper = 1;\n");
    expect((await listProofs(dir)).map(({ name }) => name)).toEqual(["cutover-kills", "replay-again"]);
  });

  it("runs the one that is asked for, whatever lies beside it", async () => {
    add("replay-again.ts", "replay-again");
    writeFileSync(join(dir, "broken.ts"), "throw new Error('broken');\n");
    const said: string[] = [];
    const result = await (await findProof("replay-again", dir))?.run((line) => said.push(line));
    expect(result).toEqual({ holds: true, figures: { n: 1 } });
    expect(said).toEqual(["at work"]);
  });

  it("refuses one that has another name than its file", async () => {
    add("one.ts", "another");
    await expect(findProof("one", dir)).rejects.toThrow("one.ts doesn't export a proof named one");
  });
});
