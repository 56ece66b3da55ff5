import type { Proof } from "../../scripts/proofs.js";

/** Each act migrates twice, and shows that the first green can be the second one's blue. */
export const proof: Proof = {
  name: "colours-rotate",
  summary: "Two migrations, one after the other: green is the next blue, and nothing of the first pair is left.",
  async run(report) {
    // Loaded only here: a list of proofs has no use for clusters.
    const { rotateSandbox } = await import("./rotation/sandbox.js");
    const acts = { sandbox: await rotateSandbox((line) => report(`sandbox: ${line}`)) };
    const wrong = Object.entries(acts).flatMap(([act, { wrong: its }]) => its.map((why) => `${act}: ${why}`));
    const figures = Object.fromEntries(Object.entries(acts).map(([act, { figures: its }]) => [act, its]));
    return { holds: wrong.length === 0, figures: { ...figures, wrong } };
  },
};
