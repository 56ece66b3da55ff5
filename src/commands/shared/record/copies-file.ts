import { readFile } from "node:fs/promises";
import { stringify } from "../../../kube/json.js";
import type { RunFolder } from "../../../run/run-folder.js";

/** `copies.json` of a run's folder: how the copies of its record stand, as its last command left them. */
export interface Copies {
  format: 1;
  /** Tokens of locks that this folder's commands took in stores: what a killed one left there is this folder's own. */
  tokens: string[];
  stores: CopyState[];
  /** Where what is here came from, if it came from a store: another machine had worked on this run. */
  taken?: Taken;
}

export interface Taken {
  store: string;
  /** ISO 8601. */
  at: string;
  /** When the last entry of the journal was written that came along; null where it had none. */
  upTo: string | null;
}

export interface CopyState {
  store: string;
  /** When it last had everything, ISO 8601; null where it never had. */
  wholeAt: string | null;
  /** Why it lacks something now; null where it lacks nothing. */
  trouble: string | null;
}

const name = "copies.json";

/** Only ever shown and compared: one that can't be read is as good as none. */
export async function readCopies(run: RunFolder): Promise<Copies> {
  try {
    const copies = JSON.parse(await readFile(run.path(name), "utf8")) as Partial<Copies> | null;
    if (copies?.format === 1 && Array.isArray(copies.tokens) && Array.isArray(copies.stores)) return copies as Copies;
  } catch {
    // As good as none.
  }
  return { format: 1, tokens: [], stores: [] };
}

export async function writeCopies(run: RunFolder, copies: Copies): Promise<void> {
  await run.writeText(name, `${stringify(copies, 2)}\n`);
}

/** `s3://acme-backup/clustershift/blue.acme.example is behind: …` */
export function describeCopy({ store, wholeAt, trouble }: CopyState): string {
  const whole = wholeAt === null ? "never whole" : `whole at ${wholeAt}`;
  return trouble === null ? `${store}, ${whole}` : `${store} is behind (${whole}): ${trouble}`;
}
