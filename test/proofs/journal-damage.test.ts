import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { damageJournals } from "./journal-damage.js";

const aws = await openTestAws();
afterAll(async () => {
  if (!("missing" in aws)) await aws.close();
});

/** The proof's short form: each kind of damage, and few of its places. */
it.skipIf("missing" in aws)(
  "recovers or refuses a damaged journal, and never misreads it",
  async () => {
    if ("missing" in aws) return;
    const { wrong, kinds, targets, copies, commands, lost } = await damageJournals(aws.front, {
      name: `damage-${process.pid}.example`,
      random: seededRandom("a few damages of a journal"),
      cutEvery: 97,
      flips: 50,
      lose: (entry) =>
        (entry.type === "intent" && /^(cutover|rollback)-1\/elastic-ip/.test(entry.step)) ||
        (entry.type === "event" && ["check-failed", "started"].includes(entry.event) && entry.phase === "rollback"),
      throughCommands: (kind) => ["one bit flipped", "line ends of Windows", "a line is missing"].includes(kind),
    });
    expect(wrong).toEqual([]);
    expect(targets).toEqual(["elastic-ip", "load-balancer", "manual", "route53"]);
    expect(kinds["one bit flipped"]?.tried).toBe(50);
    expect(kinds["a line is missing"]).toMatchObject({ refused: kinds["a line is missing"]?.tried });
    expect(kinds["last line end flipped"]).toMatchObject({ whole: 8, refused: 0 });
    expect(copies.refused).toBeGreaterThan(copies.recovered);
    expect(commands.commands).toBe(3 * 7);
    // Without an intent whose effect is done nobody knows who did it; what else is lost can be seen in the world.
    expect(lost).toMatchObject({ entries: 3, refused: 2, exact: 4 });
  },
  120_000,
);
