import { expect, it } from "vitest";
import { seededRandom } from "../../harness/random.js";
import { actingOnBlue, actingOnGreen, atCutover, handedOver, nothing, untouched } from "../acting.js";
import { killLate } from "../moments.js";
import type { Production } from "../production.js";

/** kill -9 of `cutover` at random moments; the same command again finishes, as though nothing had been. */
export function killedCutover(production: Production): void {
  const { place } = production;

  it("is killed three times, goes on, and ends where a cutover that nobody killed ended", async () => {
    const random = seededRandom("kills of cutover");
    const { length: earlier } = await production.journal();
    for (let round = 1; round <= 3; round++) {
      const child = place.start("cutover");
      const atWork = await killLate(child, () => production.journal(), random() * 1_500);
      expect({ round, atWork }).toEqual({ round, atWork: true });
      // At no moment is a name without an answer.
      for (const host of ["app", "api", "shop", "status"]) {
        const { blue, green } = await production.answers(host, 10);
        expect({ host, answered: blue + green }).toEqual({ host, answered: 10 });
      }
    }
    await place.succeed("cutover");
    expect(JSON.stringify(await production.snapshot())).toBe(JSON.stringify(production.moved));
    const done = (await production.journal())
      .slice(earlier)
      .flatMap((entry) => (entry.type === "done" ? [entry.step] : []));
    expect(new Set(done).size).toBe(done.length);
    expect(await actingOnGreen(production)).toEqual(atCutover);
    expect(await actingOnBlue(production)).toEqual(handedOver);
  });

  it("is taken back exactly all the same", async () => {
    await place.succeed("rollback");
    expect(JSON.stringify(await production.snapshot())).toBe(JSON.stringify(production.before));
    expect(await actingOnGreen(production)).toEqual(nothing);
    expect(await actingOnBlue(production)).toEqual(untouched);
  });
}
