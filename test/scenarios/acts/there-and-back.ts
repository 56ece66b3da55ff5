import { expect, it } from "vitest";
import type { Status } from "../../../src/run/status.js";
import { listClusters } from "../../../src/sandbox/clusters.js";
import { actingOnBlue, actingOnGreen, atCutover, handedOver, nothing, onTime, untouched } from "../acting.js";
import type { Production } from "../production.js";

/** A cutover that is interrupted, goes on, and is taken back exactly. */
export function thereAndBack(production: Production): void {
  const { place } = production;
  const status = async () => (await place.json<Status>("status")).json;

  it("a forced gate is journalled with who and why, and Ctrl-C stops between two steps", async () => {
    place.ahead = 31 * 60_000;
    const stop = new AbortController();
    const { code, stderr } = await place.run(["cutover", "--force", "smoke-stale", "--reason", "CHG-1234 says so"], {
      signal: stop.signal,
      onLine: (line) => {
        if (line.includes("holding")) stop.abort("SIGINT");
      },
    });
    place.ahead = 0;
    expect(code).toBe(130);
    expect(stderr).toMatch(/same command|clustershift cutover/);
    const forced = (await production.journal()).filter((entry) => entry.type === "event" && entry.event === "forced");
    expect(forced).toMatchObject([
      { phase: "cutover", data: { gate: "smoke-stale", reason: "CHG-1234 says so", by: expect.stringMatching(/./) } },
    ]);
    expect(await status()).toMatchObject({
      phase: "cutover",
      traffic: "between",
      wayBack: expect.stringMatching(/^clustershift rollback/),
    });
  });

  it("names are answered by weight", async () => {
    for (const host of ["app", "api"]) {
      // 400 answers at 25 %: more than four standard deviations on either side.
      const { green, blue } = await production.answers(host, 400);
      expect(green + blue).toBe(400);
      expect(green).toBeGreaterThan(60);
      expect(green).toBeLessThan(140);
    }
  });

  it("while the traffic moves green keeps quiet; a dry run says what will be released", async () => {
    expect(await actingOnGreen(production)).toEqual(nothing);
    // What writes records is stopped before any traffic moves; all else serves on blue until green has everything.
    expect(await actingOnBlue(production)).toEqual({ ...untouched, programs: handedOver.programs });
    const { json } = await place.json<{ acts: { "held-objects": { object: { name: string } }[] } }>(
      "cutover",
      "--dry-run",
    );
    const released = json.acts["held-objects"].map(({ object }) => object.name);
    expect(released.sort()).toEqual([...onTime, ...atCutover.programs].sort());
  });

  it("the same command goes on, and green serves everything", async () => {
    await place.succeed("cutover");
    expect(await production.answers("app", 100)).toEqual({ blue: 0, green: 100 });
    expect(await actingOnGreen(production)).toEqual(atCutover);
    expect(await actingOnBlue(production)).toEqual(handedOver);
    const green = (await listClusters(production.folder)).find(({ colour }) => colour === "green");
    const moved = await production.snapshot();
    production.moved = moved;
    const syslog = moved.addresses.map(({ InstanceId }) => InstanceId);
    expect(syslog).toHaveLength(3);
    expect(green?.instanceIds).toEqual(expect.arrayContaining(syslog));
    expect(await status()).toMatchObject({ phase: "soak", traffic: "green" });
    expect(await place.json("teardown", "--confirm", production.record.cluster)).toMatchObject({
      code: 23,
      json: { error: { code: "soak-not-over", what: expect.stringMatching(/of 10m 00s has (9|10)m .* left/) } },
    });
  });

  it("rollback --dry-run tells, and writes nothing", async () => {
    const { code, json } = await place.json<{ plan: { moves: unknown[] } }>("rollback", "--dry-run");
    expect(code).toBe(0);
    expect(json.plan.moves).toHaveLength(4);
    expect(await production.snapshot()).toEqual(production.moved);
  });

  it("rollback leaves the zone and the addresses as they were, byte for byte", async () => {
    await place.succeed("rollback");
    expect(await actingOnGreen(production)).toEqual(nothing);
    expect(await actingOnBlue(production)).toEqual(untouched);
    expect(JSON.stringify(await production.snapshot())).toBe(JSON.stringify(production.before));
    expect(await production.answers("app", 100)).toEqual({ blue: 100, green: 0 });
    expect(await status()).toMatchObject({ phase: "cutover", traffic: "blue" });
    expect(await place.json("rollback")).toMatchObject({ code: 0, json: { result: { outcome: "nothing-to-do" } } });
  });
}
