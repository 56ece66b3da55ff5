import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof } from "../../scripts/proofs.js";
import { ensurePulumi } from "../../src/sandbox/binaries/pulumi.js";
import { withControlPlanes } from "../harness/control-planes.js";

const kills = 10;

export const proof: Proof = {
  name: "up-kills",
  summary: "up killed (kill -9) at ten moments: the same command goes on, nothing is there twice, and Pulumi agrees.",
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), "clustershift-up-kills-"));
    try {
      const pulumiRoot = await ensurePulumi(join(folder, "pulumi"));
      // Pulumi and AWS take seconds to load, and a list of proofs has no use for them.
      const { killUp } = await import("./kills/kill-up.js");
      const { wrong, ...figures } = await withControlPlanes({ green: "1.35.4" }, report, ({ green }) =>
        killUp({ folder, pulumiRoot, report, server: green, kills }),
      );
      return { holds: wrong.length === 0 && figures.killed.length >= kills, figures: { ...figures, wrong } };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
