import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof, Report } from "../../scripts/proofs.js";
import { ensurePulumi } from "../../src/sandbox/binaries/pulumi.js";
import { withControlPlanes } from "../harness/control-planes.js";

interface Act {
  figures: object;
  wrong: string[];
}

/** Each act migrates twice, and shows that the first green can be the second one's blue. */
export const proof: Proof = {
  name: "colours-rotate",
  summary: "Two migrations, one after the other: green is the next blue, and nothing of the first pair is left.",
  async run(report) {
    // Loaded only here: a list of proofs has no use for clusters.
    const { rotateSandbox } = await import("./rotation/sandbox.js");
    const acts: Record<string, Act> = {
      sandbox: await rotateSandbox((line) => report(`sandbox: ${line}`)),
      eks: await rotateStacks((line) => report(`eks: ${line}`)),
    };
    const wrong = Object.entries(acts).flatMap(([act, { wrong: its }]) => its.map((why) => `${act}: ${why}`));
    const figures = Object.fromEntries(Object.entries(acts).map(([act, { figures: its }]) => [act, its]));
    return { holds: wrong.length === 0, figures: { ...figures, wrong } };
  },
};

async function rotateStacks(report: Report): Promise<Act> {
  const { rotateEks } = await import("./rotation/eks.js");
  const folder = await mkdtemp(join(tmpdir(), "clustershift-rotate-"));
  try {
    const pulumiRoot = await ensurePulumi(join(folder, "pulumi"));
    return await withControlPlanes({ blue: "1.24.17", one: "1.35.4", two: "1.35.4" }, report, (planes) =>
      rotateEks({ folder, pulumiRoot, report, planes }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
