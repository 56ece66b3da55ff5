import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Accounting, addsUp, type ParityReport } from "../../../src/model/accounting.js";
import type { Workplace } from "../../harness/clustershift.js";

/** Settings of init that make a sandbox's migration a short one. */
export const swift: readonly string[] = [
  "traffic.hold=1s",
  "traffic.steps=[25, 100]",
  "soak=10m",
  "smoke.maxAge=30m",
  "health.every=100ms",
].flatMap((set) => ["--set", set]);

/** What one migration was, once it has ended. */
export interface Migrated {
  run: string;
  seconds: number;
  listed: number;
  endings: Accounting["total"];
  compared: number;
}

/** How a migration is gone through: how long green soaks, and what may be left out. */
export interface Course {
  /** Blue's name, which teardown asks for. */
  blue: string;
  /** Milliseconds by which the place's clock is ahead for the teardown. */
  soakMs: number;
  /** While both clusters stand, and green serves. */
  beforeTeardown?: () => Promise<void>;
}

/**
 * From a configuration to a blue that is gone, by the commands that a person uses, each of which must end well.
 *
 * @param wrong gets what didn't end as it must
 */
export async function migrate(
  place: Workplace,
  { blue, soakMs, beforeTeardown }: Course,
  wrong: (why: string) => void,
  report: (line: string) => void = () => {},
): Promise<Migrated> {
  const began = performance.now();
  const step = async <Shape>(...argv: string[]): Promise<Shape> => {
    report(argv.join(" "));
    const { code, json, stderr } = await place.json<Shape>(...argv);
    if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${JSON.stringify(json)} ${stderr}`);
    return json;
  };
  await step("plan");
  await step("approve", "--by", "Jo Berg");
  await step("up");
  await step("export");
  await step("rehearse");
  await step("backup", "verify");
  const moved = await step<{ accounting: Accounting; unaccounted: unknown[]; parity: ParityReport }>("migrate");
  const { total } = moved.accounting;
  if (!addsUp(moved.accounting) || moved.unaccounted.length > 0)
    wrong(`the accounting doesn't add up: ${JSON.stringify(total)}`);
  if (total.failed > 0) wrong(`${total.failed} objects failed`);
  if (moved.parity.differences.length > 0)
    wrong(`differences: ${JSON.stringify(moved.parity.differences.slice(0, 5))}`);
  await step("smoke");
  await step("cutover");
  await beforeTeardown?.();
  // Only here: clusters have clocks of their own, and what they say of themselves would be old.
  place.ahead += soakMs;
  await step("teardown", "--confirm", blue);
  place.ahead -= soakMs;
  const { phase, run } = await step<{ phase: string; run: string }>("status");
  if (phase !== "finished") wrong(`run ${run} is in phase ${phase}`);
  return {
    run,
    seconds: Math.round((performance.now() - began) / 1000),
    listed: total.listed,
    endings: total,
    compared: moved.parity.compared,
  };
}

/** A file of a run, read as JSON. */
export async function readOf<Shape>(place: Workplace, run: string, file: string): Promise<Shape> {
  return JSON.parse(await readFile(join(place.dir, "runs", run, file), "utf8")) as Shape;
}

/** Stacks that Pulumi's state of a place has. */
export async function stacksOf(place: Workplace): Promise<string[]> {
  const files = await readdir(join(place.dir, ".clustershift/pulumi/state/.pulumi/stacks/clustershift"));
  return files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
}
