import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof } from "../../scripts/proofs.js";
import { ensurePulumi } from "../../src/sandbox/binaries/pulumi.js";
import { withControlPlanes } from "../harness/control-planes.js";

export const proof: Proof = {
  name: "stacks-engine",
  summary: "The real engine on stacks/: destroying a cluster leaves the foundation and the other cluster as they were.",
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), "clustershift-stacks-engine-"));
    try {
      const pulumiRoot = await ensurePulumi(join(folder, "pulumi"));
      // Pulumi and AWS take seconds to load, and a list of proofs has no use for them.
      const { runStory } = await import("./engine/story.js");
      return await withControlPlanes({ one: "1.35.4", other: "1.24.17" }, report, ({ one, other }) =>
        runStory({ folder: join(folder, "world"), pulumiRoot, report, servers: { one, other } }),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
