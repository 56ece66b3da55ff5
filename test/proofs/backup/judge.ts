import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { verifyBackup } from "../../../src/commands/shared/backup/verify.js";
import type { Context } from "../../../src/commands/shared/command.js";
import type { KubeReader, KubeWriter } from "../../../src/kube/api.js";
import type { BackupVerification } from "../../../src/model/backup.js";
import type { Plan } from "../../../src/model/plan.js";
import type { Plant, Planted } from "./plants.js";
import { clusterId } from "./world.js";

export interface Judged {
  name: string;
  /** By the defects' ids; empty where it passed. */
  found: string[];
  /** Why it wasn't judged as it must be; absent where it was. */
  wrong?: string;
}

export interface Bench {
  /** Where the plants' folders are made. */
  dir: string;
  /** Takes what can be read; without it nothing that can may come. */
  control?: KubeWriter;
  openBlue?: () => Promise<KubeReader>;
}

/** Makes a backup, has it verified, and says whether its defect was named, and nothing else was; or nothing at all. */
export async function judge(plant: Plant, bench: Bench): Promise<Judged> {
  const { name, defect, also } = plant;
  const folder = await mkdtemp(join(bench.dir, "plant-"));
  const { defects, outcome } = await verified(await plant.make(folder), bench);
  const found = defects.map(({ id, what }) => `${id}: ${what}`);
  if (!defect) return outcome === "passed" ? { name, found } : { name, found, wrong: "it is sound" };
  if (outcome === "passed") return { name, found, wrong: "it passed" };
  if (!defects.some(({ id, what }) => id === defect.id && defect.what.test(what)))
    return { name, found, wrong: `not named as ${defect.id}, ${defect.what}` };
  const others = defects.filter(({ id }) => id !== defect.id && id !== also);
  return others.length === 0 ? { name, found } : { name, found, wrong: "something else is named too" };
}

export async function verified(planted: Planted, { dir, control, openBlue }: Bench): Promise<BackupVerification> {
  const { path, identityFile, fromVersion, plan } = planted;
  const blue = { name: "blue.acme.example", version: "v1.24.17", clusterId, ...plan };
  const lines = { line: () => {}, warn: () => {}, debug: () => {}, tick: () => {}, end: () => {} };
  const edges = { cwd: dir, env: {}, now: () => new Date(), random: Math.random, signal: new AbortController().signal };
  return verifyBackup(
    {
      path,
      options: {
        ...(identityFile !== undefined && { identityFile }),
        ...(fromVersion !== undefined && { fromVersion }),
      },
      ...(plan && { plan: { blue, findings: [] } as unknown as Plan }),
      ...(openBlue && { openBlue }),
      ...(control && { control }),
      never: [],
      concurrency: 16,
    },
    { progress: lines, edges } as unknown as Context,
  );
}
