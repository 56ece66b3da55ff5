import { loadProduction } from "../../examples/production/load.js";
import type { Proof } from "../../scripts/proofs.js";
import { withControlPlanes } from "../harness/control-planes.js";
import { open } from "../replay/servers.js";
import { bringOver } from "./owners/bring-over.js";

const versions = { blue: "1.24.17", green: "1.35.4" } as const;

/** Every object of the sandbox's production, made by three kinds of tools, and asked for again by each on both servers. */
export const proof: Proof = {
  name: "owners-follow-up",
  summary:
    "Helm-style, client-side and server-side applies by the original managers end on green as on blue, and no field is left to clustershift.",
  async run(report) {
    return withControlPlanes(versions, report, async (controlPlanes) => {
      const [blue, green] = await Promise.all([
        open(controlPlanes.blue.kubeconfigPath),
        open(controlPlanes.green.kubeconfigPath),
      ]);
      try {
        const { differing, failed, leftToUs, unasked, ...figures } = await bringOver(blue, green, loadProduction());
        for (const line of [...unasked, ...failed, ...leftToUs, ...differing.map((it) => JSON.stringify(it))])
          report(line);
        const holds =
          [differing, failed, leftToUs, unasked].every(({ length }) => length === 0) && figures.conflictsOnBlue > 0;
        return {
          holds,
          figures: {
            versions,
            ...figures,
            unasked: unasked.length,
            differing: differing.length,
            failed: failed.length,
            leftToUs: leftToUs.length,
          },
        };
      } finally {
        await Promise.all([blue.close(), green.close()]);
      }
    });
  },
};
