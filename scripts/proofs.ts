import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Tells whoever watches how far a proof is. */
export type Report = (line: string) => void;

/** One claim of the project, and what shows that it holds. A module of test/proofs/ exports one as `proof`. */
export interface Proof {
  /** kebab-case, and the file's name. */
  name: string;
  /** One line: what holds. */
  summary: string;
  /** Resolves to whether it holds, and the figures that say so. Whatever it throws means that it doesn't hold. */
  run(report: Report): Promise<{ holds: boolean; figures: object }>;
}

const folder = resolve(fileURLToPath(import.meta.url), "../../test/proofs");

/** Every proof, by name. A file that begins with `_`, or lies deeper, is a helper. */
export async function listProofs(dir: string = folder): Promise<Proof[]> {
  const files = await readdir(dir).catch(ignoreMissing);
  const names = files.filter((file) => /^[a-z][a-z0-9-]*\.ts$/.test(file)).sort();
  return Promise.all(names.map((file) => load(dir, file)));
}

/** The proof of that name. Only its own file is loaded: a broken one beside it is no obstacle. */
export async function findProof(name: string, dir: string = folder): Promise<Proof | undefined> {
  const files = await readdir(dir).catch(ignoreMissing);
  return files.includes(`${name}.ts`) ? load(dir, `${name}.ts`) : undefined;
}

async function load(dir: string, file: string): Promise<Proof> {
  const { proof } = (await import(pathToFileURL(join(dir, file)).href)) as { proof?: Proof };
  if (proof?.name === file.slice(0, -3) && typeof proof.run === "function") return proof;
  throw new Error(`test/proofs/${file} doesn't export a proof named ${file.slice(0, -3)}`);
}

function ignoreMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}
