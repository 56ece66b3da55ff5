import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { meetSituations } from "./cutover-unsafe.js";

const aws = await openTestAws();
afterAll(async () => {
  if (!("missing" in aws)) await aws.close();
});

const few = ["smoke", "window", "flapping clusters", "external-dns", "edits between steps", "races on addresses"];

/** The proof's short form: a few families, one unsafe situation of each and as many safe ones as show that anything is executed. */
it.skipIf("missing" in aws)("executes no unsafe cutover, and the safe ones beside them", async () => {
  if ("missing" in aws) return;
  const random = seededRandom("a few unsafe situations");
  const safe = (family: string) => Number(["smoke", "external-dns", "edits between steps"].includes(family));
  const families = (family: string) => few.includes(family);
  const options = { name: `unsafe-${process.pid}.example`, random, unsafe: few.length, safe, families };
  const figures = await meetSituations(aws.front, options);
  expect(figures.wrong).toEqual([]);
  const counted = { situations: few.length, executed: 0, otherReason: 0, touched: 0, safe: 3, safeDone: 3 };
  expect(figures).toMatchObject(counted);
});
