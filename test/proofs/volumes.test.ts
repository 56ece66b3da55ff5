import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { servers, why } from "../replay/servers.js";
import { nursery } from "./cutover/doomed.js";
import { doomedProgram, killEverywhere } from "./volumes/kills.js";

const aws = servers ? await openTestAws() : { missing: "no servers" };
const children = await nursery(servers ? 2 : 0, doomedProgram);
afterAll(async () => {
  await children.close();
  if (!("missing" in aws)) await aws.close();
});

/** The proof's short form: a copy is killed while EC2 makes it, and before it's noted that green has it. */
it.skipIf("missing" in aws)(
  `makes no volume twice and loses none where a real process was killed${why}`,
  async () => {
    if ("missing" in aws) return;
    const { kills, moments, wrong } = await killEverywhere(aws.front, servers?.greenFile ?? "", children, {
      parts: ["bring"],
      only: ({ at, when, index }) =>
        when === (at === "effect" ? "after" : "before") && index === (at === "effect" ? 1 : 9),
    });
    expect(wrong).toEqual([]);
    expect({ kills, bring: moments.bring }).toEqual({ kills: 2, bring: { writes: 16, effects: 2 } });
  },
  240_000,
);
