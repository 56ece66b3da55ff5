import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import type { Context } from "../../../src/commands/shared/command.js";
import { openProject } from "../../../src/commands/shared/project.js";
import { exitCodes } from "../../../src/model/exit-codes.js";
import type { RunFolder } from "../../../src/run/run-folder.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { writeSoundRun } from "../../cli/sound-run.js";
import { Workplace } from "../../harness/clustershift.js";
import { now } from "../../run/evidence.js";
import { region } from "../../traffic/world.js";
import { watchEffects } from "../cutover/effects.js";
import type { Damage } from "./damages.js";

/** What reads a journal and what would go on from it. */
const commandLines = [
  ["status"],
  ["cutover", "--dry-run"],
  ["rollback", "--dry-run"],
  ["prepare"],
  ["cutover"],
  ["rollback"],
  ["report"],
];

export interface RefusalFigures {
  commands: number;
  wrong: string[];
}

/** Runs the real commands on damaged journals: each must refuse with its exit code, write no file, and change nothing in AWS. */
export async function refuseThroughCommands(
  front: AwsFront,
  folder: string,
  damages: readonly Damage[],
): Promise<RefusalFigures> {
  const { place, run } = await openPlace(front, folder);
  const figures: RefusalFigures = { commands: 0, wrong: [] };
  for (const { kind, bytes } of damages) {
    await writeFile(run.journalPath, bytes);
    const before = await listing(folder);
    for (const argv of commandLines) {
      figures.commands++;
      const wrong = (what: string) => figures.wrong.push(`${argv.join(" ")}, ${kind}: ${what}`);
      const watch = watchEffects(front);
      const { code, json } = await place.json(...argv);
      if (watch.stop().length > 0) wrong("something was changed in AWS");
      if (code !== exitCodes["journal-damaged"].code) wrong(`exit code ${code}: ${JSON.stringify(json)}`);
      else if (!/journal\.jsonl: line \d+ /.test(json.error.what)) wrong(`it says: ${json.error.what}`);
      const after = await listing(folder);
      if (!isDeepStrictEqual(after, before)) wrong(`files were written: ${difference(after, before)}`);
    }
  }
  return figures;
}

/** A run in which all is sound, of which the journal is then replaced. */
async function openPlace(front: AwsFront, folder: string): Promise<{ place: Workplace; run: RunFolder }> {
  const dir = join(folder, "work");
  await mkdir(dir, { recursive: true });
  const config = {
    apiVersion: "clustershift.dev/v1",
    environment: "acme production",
    blue: { name: "blue.acme.example", context: "fake", kubeconfig: "none.yaml", teardown: { command: ["true"] } },
    green: { name: "acme-1-35", version: "1.35", stack: { kind: "sandbox", sandbox: "none" } },
    aws: { region, endpoint: front.endpoint },
    record: { green: false },
    smoke: { checks: [{ kind: "workloads", name: "app answers" }] },
  };
  await writeFile(join(dir, "clustershift.yaml"), stringify(config));
  const context = { args: { config: "clustershift.yaml" }, edges: { cwd: dir } } as Context;
  const run = await writeSoundRun(dir, (await openProject(context)).configHash);
  const place = new Workplace(dir, { PATH: "", HOME: folder, XDG_STATE_HOME: join(folder, "state") });
  place.ahead = now - Date.now();
  return { place, run };
}

/** Every file below a folder, with a sum of its content. */
async function listing(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sums = files.sort().map(async (file): Promise<[string, string]> => [file, sumOf(await readFile(file))]);
  return new Map(await Promise.all(sums));
}

function difference(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name)).join(", ");
}

function sumOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
