import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "../kube/json.js";
import { compareText } from "../model/canonical.js";
import { messageOf, UserError } from "../model/errors.js";
import { writeFileAtomic } from "./atomic-file.js";
import { formatsOf, misshapen, type StateFiles } from "./state-files.js";

export type { StateFiles } from "./state-files.js";

/** One migration's folder: `runs/<id>/`. */
export class RunFolder {
  readonly id: string;
  readonly dir: string;

  constructor(runsDir: string, id: string) {
    this.id = id;
    this.dir = join(runsDir, id);
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  get journalPath(): string {
    return this.path("journal.jsonl");
  }

  get lockPath(): string {
    return this.path("lock.json");
  }

  get bundlePath(): string {
    return this.path("bundle");
  }

  /** A state file's content; undefined where the run has none yet. Throws UserError `state-invalid` for a broken one. */
  async read<Name extends keyof StateFiles>(name: Name): Promise<StateFiles[Name] | undefined> {
    let text: string;
    try {
      text = await readFile(this.path(name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw broken(this.path(name), messageOf(error));
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw broken(this.path(name), messageOf(error));
    }
    const known = formatsOf(name);
    if (!known.includes((value as { format?: number } | null)?.format ?? 0)) {
      throw broken(this.path(name), `its format is not ${known.join(" or ")}, which this clustershift knows`);
    }
    const why = misshapen(name, value);
    if (why) throw broken(this.path(name), why);
    return value as StateFiles[Name];
  }

  async write<Name extends keyof StateFiles>(name: Name, value: StateFiles[Name]): Promise<void> {
    await this.writeText(name, `${stringify(value, 2)}\n`);
  }

  async writeText(name: string, text: string): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    await writeFileAtomic(this.path(name), text);
  }
}

function broken(path: string, why: string): UserError {
  return new UserError({
    code: "state-invalid",
    what: `${path} can't be used: ${why}.`,
    fix: "Restore it from a backup, or run the command that writes it once more (`clustershift status` names it).",
  });
}

/** The ids of all runs, oldest first. */
export async function listRuns(runsDir: string): Promise<string[]> {
  try {
    const entries = await readdir(runsDir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && runIdPattern.test(entry.name))
      .map(({ name }) => name)
      .sort(byAge);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

const runIdPattern = /^(\d{8}T\d{6}Z)(?:-(\d+))?$/;

/** The newest of some ids, whatever else is among them; undefined where none is a run's. */
export function newestRun(ids: readonly string[]): string | undefined {
  return ids
    .filter((id) => runIdPattern.test(id))
    .sort(byAge)
    .at(-1);
}

/** By second, then by number within it: `…Z-10` is younger than `…Z-2`. */
function byAge(a: string, b: string): number {
  const [, secondA = "", numberA = "1"] = runIdPattern.exec(a) ?? [];
  const [, secondB = "", numberB = "1"] = runIdPattern.exec(b) ?? [];
  return compareText(secondA, secondB) || Number(numberA) - Number(numberB);
}

/** A run's id is when it began, UTC, with a number where several began in one second. */
export function newRunId(now: Date, taken: readonly string[]): string {
  const base = now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  let id = base;
  for (let n = 2; taken.includes(id); n++) id = `${base}-${n}`;
  return id;
}
