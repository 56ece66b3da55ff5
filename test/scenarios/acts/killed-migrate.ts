import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Accounting, addsUp, endings, type Outcome, type ParityReport } from "../../../src/model/accounting.js";
import type { Status } from "../../../src/run/status.js";
import { seededRandom } from "../../harness/random.js";
import { actingOnGreen, nothing } from "../acting.js";
import { killLate } from "../moments.js";
import type { Production } from "../production.js";

interface Migrated {
  accounting: Accounting;
  unaccounted: unknown[];
  writes: number;
  parity: ParityReport;
}

/** kill -9 of `migrate` at random moments; the same command again finishes, and accounts for everything. */
export function killedMigrate(production: Production): void {
  const { place } = production;

  it("is killed three times", async () => {
    const random = seededRandom("kills of migrate");
    for (let round = 1; round <= 3; round++) {
      const child = place.start("migrate");
      const atWork = await killLate(child, () => production.journal(), random() * 1_500);
      expect({ round, atWork }).toEqual({ round, atWork: true });
    }
    // Each attempt said what it was about to do, and none that it had done it.
    const entries = (await production.journal()).filter(
      (entry) => "step" in entry && entry.step.startsWith("migrate/"),
    );
    expect(entries.map(({ type }) => type)).toEqual(["intent", "intent", "intent"]);
  });

  it("finishes, and every object of blue is accounted for", async () => {
    const { code, json } = await place.json<Migrated>("migrate");
    expect(json.parity.differences).toEqual([]);
    expect(json.unaccounted).toEqual([]);
    expect(code).toBe(0);
    expect(addsUp(json.accounting)).toBe(true);
    expect(json.accounting.total.failed).toBe(0);
    const { objects } = await production.read<{ objects: number }>("bundle/bundle.json");
    expect(json.accounting.total.listed).toBe(objects);
    for (const [kind, counts] of Object.entries(json.accounting.kinds)) {
      const sum = endings.reduce((total, ending) => total + counts[ending], 0);
      expect({ kind, listed: counts.listed, failed: counts.failed }).toEqual({ kind, listed: sum, failed: 0 });
    }
  });

  it("names the rule of each object that didn't simply arrive", async () => {
    const lines = (await readFile(join(await production.runDir(), "replay.jsonl"), "utf8")).trim().split("\n");
    const outcomes = lines.map((line) => JSON.parse(line) as Outcome);
    expect(new Set(outcomes.map(({ ending }) => ending))).toEqual(
      new Set(["migrated", "merged", "derived", "skipped", "dropped"]),
    );
    const unnamed = outcomes.filter(({ ending, by }) => ending !== "migrated" && ending !== "merged" && !by);
    expect(unnamed).toEqual([]);
    const keys = outcomes.map(({ object }) => JSON.stringify(object));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("keeps green from acting on the world outside, and says so", async () => {
    expect(await actingOnGreen(production)).toEqual(nothing);
    const { quiet } = (await place.json<Status>("status")).json;
    const held = quiet.held.map(({ object, until }) => `${until} ${object.split("/")[1]}`);
    expect(held).toEqual(
      expect.arrayContaining(["cutover newsletter", "cutover cert-manager", "teardown cluster-autoscaler"]),
    );
    expect(held).not.toContain("cutover prune");
    expect(quiet.released).toEqual([]);
  });

  it("run again writes nothing", async () => {
    const { code, json } = await place.json<Migrated>("migrate");
    expect(code).toBe(0);
    expect(json.writes).toBe(0);
    expect(json.parity.differences).toEqual([]);
  });
}
