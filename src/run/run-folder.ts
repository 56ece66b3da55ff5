import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ParityReport, ReplayRecord } from "../model/accounting.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Plan } from "../model/plan.js";
import type { Approval, GreenRecord, RehearsalReport } from "../model/run.js";
import type { SmokeReport } from "../model/smoke.js";
import { writeFileAtomic } from "./atomic-file.js";

/** The state files of a run, and what each holds. docs/formats.md shows them. */
export interface StateFiles {
  "plan.json": Plan;
  "approval.json": Approval;
  "green.json": GreenRecord;
  "rehearsal.json": RehearsalReport;
  "replay.json": ReplayRecord;
  "parity.json": ParityReport;
  "smoke.json": SmokeReport;
}

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
    if ((value as { format?: unknown } | null)?.format !== 1) {
      throw broken(this.path(name), "its format is not 1, the only one that this clustershift knows");
    }
    return value as StateFiles[Name];
  }

  async write<Name extends keyof StateFiles>(name: Name, value: StateFiles[Name]): Promise<void> {
    await this.writeText(name, `${JSON.stringify(value, null, 2)}\n`);
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
  let names: string[];
  try {
    names = await readdir(runsDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const runs: string[] = [];
  for (const name of names) {
    if (runIdPattern.test(name) && (await stat(join(runsDir, name))).isDirectory()) runs.push(name);
  }
  return runs.sort();
}

const runIdPattern = /^\d{8}T\d{6}Z(-\d+)?$/;

/** A run's id is when it began, UTC: sorting by name sorts by time. */
export function newRunId(now: Date, taken: readonly string[]): string {
  const base = now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  let id = base;
  for (let n = 2; taken.includes(id); n++) id = `${base}-${n}`;
  return id;
}
