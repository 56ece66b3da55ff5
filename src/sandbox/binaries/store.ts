import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The cache's state of one program. */
export type Stored = "missing" | "damaged" | "good";

/** `<cache>/bin/<program>/<version>/<program>`. */
export function storedPath(cache: string, { program, version }: { program: string; version: string }): string {
  return join(cache, "bin", program, version, program);
}

/** Compares a stored program with the checksum that was recorded when it was put there. */
export async function verifyStored(path: string): Promise<Stored> {
  try {
    const recorded = (await readFile(`${path}.sha256`, "utf8")).split(/\s/)[0];
    return recorded === (await sha256Of(path)) ? "good" : "damaged";
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
    return "missing";
  }
}

/**
 * Moves a finished program into the cache. Program and checksum are put into a new folder that takes its name in one step, so
 * nobody ever sees half of it. Call it with the unit's lock held. Source and cache must be on one file system.
 */
export async function store(
  cache: string,
  source: string,
  what: { program: string; version: string },
): Promise<string> {
  const versions = join(cache, "bin", what.program);
  const temporary = join(versions, `.${what.version}-${randomUUID()}`);
  await mkdir(temporary, { recursive: true });
  const inside = join(temporary, what.program);
  await rename(source, inside);
  await chmod(inside, 0o755);
  await writeFile(`${inside}.sha256`, `${await sha256Of(inside)}  ${what.program}\n`);
  const target = join(versions, what.version);
  await rm(target, { recursive: true, force: true });
  await rename(temporary, target);
  return join(target, what.program);
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
