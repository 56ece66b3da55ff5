import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { families } from "./hostile/families.js";
import { attackAll } from "./hostile-tarballs.js";

const aws = await openTestAws();
afterAll(async () => {
  if (!("missing" in aws)) await aws.close();
});

/** The proof's short form: two of each family, and no processes. */
it.skipIf("missing" in aws)(
  "refuses every hostile backup by name, and writes nothing",
  async () => {
    if ("missing" in aws) return;
    const emulator = aws.front.internalEndpoint;
    const random = seededRandom("a few hostile backups");
    const { wrong, backups, refused } = await attackAll({ emulator, each: 2, random, commands: false });
    expect(wrong).toEqual([]);
    expect(backups).toBe(families.length * 2);
    expect(Object.keys(refused)).toEqual(["aws-failed", "bundle-invalid"]);
  },
  120_000,
);
