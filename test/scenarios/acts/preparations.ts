import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import type { BackupVerification } from "../../../src/model/backup.js";
import type { ValidationReport } from "../../../src/model/validation.js";
import type { Status } from "../../../src/run/status.js";
import { swift } from "../../proofs/rotation/migration.js";
import { actingOnBlue, exclusive, untouched } from "../acting.js";
import type { Production } from "../production.js";

/** From nothing to a rehearsed bundle and a green that is ready; `status` knows at every stage what comes next. */
export function preparations(production: Production): void {
  const { place } = production;
  const status = async () => (await place.json<Status>("status")).json;

  it("init writes a configuration of what it finds", async () => {
    const { code } = await place.run(["status"]);
    expect(code).toBe(3);
    const ended = await place.run(["init", "--sandbox", production.sandbox, ...swift]);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/15 smoke checks, 4 records, 1 group/) });
    expect(await status()).toMatchObject({ phase: "plan", done: [], traffic: "blue", next: "clustershift plan" });
  });

  it("what must run once is handed over, by an identity that can stop it and nothing else", async () => {
    await production.makeExclusive(exclusive);
    expect(await actingOnBlue(production)).toEqual(untouched);
  });

  it("plan finds what this move is about, and writes it down", async () => {
    const { code, json } = await place.json<{ plan: { findings: { id: string }[]; targets: unknown[] } }>("plan");
    expect(code).toBe(0);
    const ids = json.plan.findings.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["psp-no-successor", "volume-empty", "rehearsal-differs"]));
    // Four names, and the Elastic IPs of syslog in three zones.
    expect(json.plan.targets).toHaveLength(7);
    expect(await status()).toMatchObject({ phase: "approve", next: "clustershift approve --by NAME" });
  });

  it("nothing is stood up before somebody approves", async () => {
    expect(await place.json("up")).toMatchObject({ code: 11, json: { error: { code: "plan-not-approved" } } });
    await place.succeed("approve", "--by", "Jo Berg", "--comment", "CHG-1234");
    expect(await production.read("approval.json")).toMatchObject({
      approvals: [{ by: "Jo Berg", comment: "CHG-1234", proof: { kind: "name" } }],
    });
    expect(await status()).toMatchObject({ phase: "up", done: ["plan", "approve"] });
  });

  it("up stands green up by Pulumi's engine, and finds it there when run again", async () => {
    expect(await place.json("up", "--dry-run")).toMatchObject({ json: { changes: { create: 2 } } });
    const first = await place.json<{ green: { clusterId: string }; changes: object }>("up");
    expect(first).toMatchObject({ code: 0, json: { changes: { create: 2 }, green: { version: "v1.35.4" } } });
    expect(await status()).toMatchObject({ phase: "export", next: "clustershift export" });
    const again = await place.json<{ green: { clusterId: string }; changes: object }>("up");
    expect(again).toMatchObject({ code: 0, json: { changes: { same: 2 } } });
    expect(again.json.green.clusterId).toBe(first.json.green.clusterId);
  });

  it("validate looks at green for a while; what can't be asked is never taken for good", async () => {
    const { code, json } = await place.json<{ report: ValidationReport }>("validate");
    expect({ code, outcome: json.report.outcome }).toEqual({ code: 0, outcome: "passed" });
    expect(json.report.steady.ms).toBeGreaterThanOrEqual(2_000);
    expect(await production.read("validation.json")).toMatchObject({ outcome: "passed", checks: json.report.checks });
    const file = join(place.dir, "with-image.yaml");
    const config = parseDocument(await readFile(join(place.dir, "clustershift.yaml"), "utf8"));
    config.setIn(["green", "validate", "image"], "busybox:1.37");
    await writeFile(file, config.toString());
    const asked = await place.json<{ report: ValidationReport }>("validate", "--config", file);
    expect(asked).toMatchObject({ code: 49, json: { report: { outcome: "inconclusive" } } });
    expect(asked.json.report.checks.at(-1)).toMatchObject({
      name: "pods from each zone",
      outcome: "inconclusive",
      detail: expect.stringMatching(/played by kwok/),
    });
    await rm(file);
  });

  it("export holds all of blue, and no Secret in clear", async () => {
    const { code, json } = await place.json<{ objects: number; kinds: number; bundle: string }>("export");
    expect(code).toBe(0);
    expect(json.kinds).toBeGreaterThanOrEqual(40);
    expect(json.objects).toBeGreaterThanOrEqual(400);
    const identity = await stat(join(await production.runDir(), "age-identity.txt"));
    expect(identity.mode & 0o777).toBe(0o600);
    expect(await status()).toMatchObject({ phase: "rehearse", next: "clustershift rehearse" });
  });

  it("rehearse finds nothing that green's version refuses, and leaves nothing", async () => {
    const { code, json } = await place.json<{ report: { refused: unknown[]; version: string } }>("rehearse");
    expect(json.report).toMatchObject({ refused: [], version: "v1.35.4" });
    expect(code).toBe(0);
    await expect(stat(join(await production.runDir(), "rehearsal"))).rejects.toThrow(/ENOENT/);
    expect(await status()).toMatchObject({ phase: "migrate", next: "clustershift migrate" });
  });

  it("the backup is restored into a control plane of blue's version, and is whole", async () => {
    const { code, json } = await place.json<{ verification: BackupVerification }>("backup", "verify");
    expect(json.verification).toMatchObject({ defects: [], restoredInto: { version: "v1.24.17" } });
    expect(code).toBe(0);
    expect(json.verification.blue?.objects).toBeGreaterThanOrEqual(400);
    expect(await status()).toMatchObject({ backup: { outcome: "passed" } });
  });
}
