import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { damageJournals } from "./journal-damage.js";

const aws = await openTestAws();
afterAll(async () => {
  if (!("missing" in aws)) await aws.close();
});

/** The proof's short form: each kind of damage, and few of its places. */
it.skipIf("missing" in aws)("recovers or refuses a damaged journal, and never misreads it", async () => {
  if ("missing" in aws) return;
  const { wrong, kinds, targets, copies, commands, lost } = await damageJournals(aws.front, {
    name: `damage-${process.pid}.example`,
    random: seededRandom("a few damages of a journal"),
    cutEvery: 97,
    flips: 50,
    lose: (seq) => seq % 7 === 3,
  });
  expect(wrong).toEqual([]);
  expect(targets).toEqual(["elastic-ip", "load-balancer", "manual", "route53"]);
  expect(kinds["one bit flipped"]?.tried).toBe(50);
  expect(kinds["a line is missing"]).toMatchObject({ refused: kinds["a line is missing"]?.tried });
  expect(kinds["last line end flipped"]).toMatchObject({ whole: 7, refused: 0 });
  expect(copies.refused).toBeGreaterThan(copies.recovered);
  expect(commands.commands).toBeGreaterThan(50);
  expect(lost.exact + lost.refused).toBe(2 * lost.entries);
});
