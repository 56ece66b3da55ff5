import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { small } from "../traffic/world.js";
import { shiftUnderFaults } from "./cutover-faults.js";

const aws = await openTestAws();
afterAll(async () => {
  if (!("missing" in aws)) await aws.close();
});

/** The proof's short form: a small world, and few faults. */
it.skipIf("missing" in aws)("agrees with the world, and is never stuck, while AWS fails in all its ways", async () => {
  if ("missing" in aws) return;
  const random = seededRandom("a few faults of a cutover");
  const name = `faults-${process.pid}.example`;
  const options = { name, specs: [small], random, faults: 30, timeoutMs: 400 };
  const { wrong, faults, batches } = await shiftUnderFaults(aws.front, options);
  expect(wrong).toEqual([]);
  expect(faults).toBeGreaterThanOrEqual(30);
  expect(batches).toBeGreaterThan(3);
});
