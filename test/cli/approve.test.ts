import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import type { Plan } from "../../src/model/plan.js";
import { planHash } from "../../src/model/plan.js";
import { readJournal } from "../../src/run/journal.js";
import { takeLock } from "../../src/run/lock.js";
import type { RunFolder } from "../../src/run/run-folder.js";
import type { Workplace } from "../harness/clustershift.js";
import { keyFolder } from "../run/approval/keys.js";
import { configHashOf, placeWithRun } from "./place.js";

const folder = keyFolder();
afterAll(() => folder?.end());

interface Answered {
  again: boolean;
  approved: string[];
  missing: number;
}

/** A run that nobody has approved, with this `approval` in its configuration. */
async function unapproved(approval: object, author?: Plan["author"]): Promise<{ place: Workplace; run: RunFolder }> {
  const { place, run } = await placeWithRun();
  await rm(run.path("approval.json"));
  const file = join(place.dir, "clustershift.yaml");
  const document = parseDocument(await readFile(file, "utf8"));
  document.set("approval", approval);
  await writeFile(file, document.toString());
  const plan = await run.read("plan.json");
  if (!plan) throw new Error("no plan");
  const changed = { ...plan, ...(author && { author }), configHash: await configHashOf(place) };
  await run.write("plan.json", { ...changed, hash: planHash(changed) });
  return { place, run };
}

const approvals = async (run: RunFolder) =>
  (await readJournal(run.journalPath)).filter((entry) => entry.type === "event" && entry.phase === "approve");

describe("approve by name", () => {
  it("counts each once, and says how many are missing", async () => {
    const { place, run } = await unapproved({ required: 2 });
    const first = await place.json<Answered>("approve", "--by", "Jo Berg");
    expect(first).toMatchObject({ code: 0, json: { again: false, approved: ["jo berg"], missing: 1 } });
    expect(await place.json<Answered>("approve", "--by", "JO BERG")).toMatchObject({
      code: 0,
      json: { again: true, missing: 1 },
    });
    expect((await place.json("migrate")).json.error).toMatchObject({
      code: "plan-not-approved",
      what: expect.stringContaining("1 of 2 approval(s) are missing"),
    });
    const second = await place.run(["approve", "--by", "Al Moor"]);
    expect(second.stdout).toMatch(/is approved by Al Moor\.\n2 of 2 approvals\.\nNext: clustershift up\n/);
    expect(await approvals(run)).toHaveLength(2);
    expect(await readFile(run.path("plan.md"), "utf8")).toMatch(/Approved \| Jo Berg, .*; Al Moor, /);
  });

  it("tried dry needs no lock and writes nothing", async () => {
    const { place, run } = await unapproved({ required: 1 });
    const lock = await takeLock(run.lockPath, "cutover", new Date());
    try {
      const { code, stdout } = await place.run(["approve", "--dry-run"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/would be approved/);
      expect(stdout).toMatch(/printf '%s\\n' [0-9a-f]{64} \| ssh-keygen -Y sign -n clustershift-plan/);
      expect(await run.read("approval.json")).toBeUndefined();
    } finally {
      await lock.release();
    }
  });
});

describe.skipIf(!folder)("approve by a key", () => {
  if (!folder) return;
  const jo = folder.key("jo", "-t", "ed25519");
  const cy = folder.key("cy", "-t", "ecdsa");
  const approval = {
    allowedSigners: "signers",
    approvers: [
      { name: "Jo Berg", ssh: "jo@acme.example" },
      { name: "Al Moor", ssh: "al@acme.example", users: ["al"] },
    ],
  };
  const withSigners = async (place: Workplace) =>
    writeFile(join(place.dir, "signers"), `jo@acme.example ${jo.publicLine}\nal@acme.example ${cy.publicLine}\n`);

  it("holds until the key is taken out", async () => {
    const { place } = await unapproved(approval, { user: "al", host: "laptop" });
    await withSigners(place);
    expect(await place.json("approve", "--by", "Jo Berg")).toMatchObject({
      code: 11,
      json: { error: { what: expect.stringContaining("a name alone proves nothing") } },
    });
    const signed = await place.json<Answered>("approve", "--ssh-key", jo.file);
    expect(signed).toMatchObject({ code: 0, json: { approved: ["jo berg"], missing: 0 } });
    const held = async () => (await place.json<{ held: { gate: string; what: string }[] }>("status")).json.held;
    expect((await held()).map(({ gate }) => gate)).not.toContain("plan-not-approved");
    await writeFile(join(place.dir, "signers"), "");
    expect(await held()).toContainEqual(
      expect.objectContaining({
        gate: "plan-not-approved",
        what: expect.stringContaining("nobody's in approval.allowedSigners"),
      }),
    );
  });

  it("is not the author's alone, and takes a signature made elsewhere", async () => {
    const { place, run } = await unapproved(approval, { user: "al", host: "laptop" });
    await withSigners(place);
    const mine = await place.run(["approve", "--ssh-key", cy.file]);
    expect(mine).toMatchObject({ code: 0, stdout: expect.stringContaining("Only its author has approved the plan") });
    const plan = await run.read("plan.json");
    await writeFile(join(place.dir, "approval.sig"), jo.sign(`${plan?.hash}\n`));
    expect(await place.json<Answered>("approve", "--signature", "approval.sig")).toMatchObject({
      code: 0,
      json: { approved: ["al moor", "jo berg"], missing: 0 },
    });
    await writeFile(join(place.dir, "approval.sig"), jo.sign("another plan\n"));
    expect(await place.json("approve", "--signature", "approval.sig")).toMatchObject({
      code: 11,
      json: { error: { what: expect.stringContaining("doesn't fit") } },
    });
  });
});
