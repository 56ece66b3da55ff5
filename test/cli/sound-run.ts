import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { generateIdentity, writeIdentityFile } from "../../src/bundle/identity.js";
import { verifyBundle } from "../../src/bundle/verify.js";
import { writeBundle } from "../../src/bundle/write.js";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";
import { type Plan, planHash } from "../../src/model/plan.js";
import type { GreenRecord } from "../../src/model/run.js";
import { FileJournal } from "../../src/run/journal.js";
import { RunFolder } from "../../src/run/run-folder.js";
import { ago, minute, now, soundEvidence, verifiedBackup } from "../run/evidence.js";

/** Parts of a run that are other ones than usual. */
export interface RunParts {
  plan?: Partial<Plan>;
  green?: Partial<GreenRecord>;
}

/** Writes a run in which everything that a cutover asks for is sound: what a test spoils is all that is wrong. */
export async function writeSoundRun(dir: string, configHash: string, parts: RunParts = {}): Promise<RunFolder> {
  const { plan, approval, green, rehearsal, replay, parity, smoke } = soundEvidence();
  const run = new RunFolder(join(dir, "runs"), plan.run);
  const configured = { ...plan, ...parts.plan, configHash };
  const bound = { ...configured, hash: planHash(configured) };
  const owner = await generateIdentity();
  await mkdir(run.dir, { recursive: true });
  await writeBundle({
    dir: run.bundlePath,
    kinds: [kindOf("ConfigMap", "configmaps", "a", "b"), kindOf("Secret", "secrets", "db")],
    source: { name: "blue.acme.example", version: "v1.24.17", clusterId: "blue-id" },
    recipients: [owner.recipient],
    now: new Date(now),
  });
  await writeIdentityFile(run.path("age-identity.txt"), owner);
  const { hash } = await verifyBundle(run.bundlePath);
  await run.write("plan.json", bound);
  await run.write("approval.json", { ...approval, planHash: bound.hash });
  await run.write("green.json", { ...green, ...parts.green });
  await run.write("backup.json", { format: 1, verifications: [verifiedBackup(hash, ago(95 * minute))] });
  await run.write("rehearsal.json", { ...rehearsal, bundle: hash });
  await run.write("replay.json", { ...replay, bundle: hash });
  await run.write("parity.json", parity);
  await run.write("smoke.json", { ...smoke, planHash: bound.hash });
  const journal = await FileJournal.open(run.journalPath, () => new Date(now));
  for (const event of ["planned", "approved", "exported"])
    await journal.append({ type: "event", phase: "plan", event, data: {} });
  await journal.close();
  return run;
}

/** A kind of the core group, and objects of it. */
function kindOf(kind: string, plural: string, ...names: string[]) {
  const resource: ApiResource = {
    group: "",
    version: "v1",
    kind,
    resource: plural,
    namespaced: true,
    verbs: ["create", "get", "list", "watch"],
    subresources: [],
  };
  const items = names.map(
    (name): KubeObject => ({ apiVersion: "v1", kind, metadata: { namespace: "shop", name }, data: { p: "eA==" } }),
  );
  return {
    resource,
    pages: (async function* () {
      yield { items };
    })(),
  };
}
