import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { small } from "../traffic/world.js";
import { type Moment, nursery } from "./cutover/doomed.js";
import { killEverywhere } from "./cutover-kills.js";

const aws = await openTestAws();
const children = await nursery(2);
afterAll(async () => {
  await children.close();
  if (!("missing" in aws)) await aws.close();
});

/** The proof's short form: a small world, and few of its moments. The last is when traffic is back and its marks aren't off. */
it.skipIf("missing" in aws)(
  "goes on and back exactly from where a real process was killed",
  async () => {
    if ("missing" in aws) return;
    const name = `killed-${process.pid}.example`;
    const only = ({ at, when, index }: Moment, does: string) =>
      does === "shift"
        ? at === "effect" && when === "after" && index === 0
        : (at === "write" && when === "before" && index === 2) || (at === "effect" && when === "before" && index === 3);
    const { wrong, kills, effects } = await killEverywhere(aws.front, children, { name, spec: small, only });
    expect(wrong).toEqual([]);
    expect({ kills, effects }).toEqual({ kills: 6, effects: { forth: 7, back: 5 } });
  },
  240_000,
);
