import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { firstEstimates } from "./versions.js";

/** How long a thing took the last time, and whether that was on this machine. */
export interface Estimate {
  seconds: number;
  measuredHere: boolean;
}

const file = "durations.json";

export async function estimateOf(cache: string, name: string): Promise<Estimate | undefined> {
  const own = (await readDurations(cache))[name];
  if (own !== undefined) return { seconds: own, measuredHere: true };
  const first = firstEstimates[name];
  return first === undefined ? undefined : { seconds: first, measuredHere: false };
}

export async function rememberDuration(cache: string, name: string, seconds: number): Promise<void> {
  const durations = { ...(await readDurations(cache)), [name]: Math.round(seconds) };
  await mkdir(cache, { recursive: true });
  const temporary = join(cache, `.${file}-${process.pid}`);
  await writeFile(temporary, `${JSON.stringify(durations, null, 2)}\n`);
  await rename(temporary, join(cache, file));
}

/** Estimates are a courtesy: a file that can't be read counts as empty. */
async function readDurations(cache: string): Promise<Record<string, number>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(cache, file), "utf8"));
    if (typeof parsed !== "object" || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter(([, seconds]) => typeof seconds === "number"));
  } catch {
    return {};
  }
}
