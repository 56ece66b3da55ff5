import type { Proof } from "../../scripts/proofs.js";
import { openTestAws } from "../aws/moto.js";
import { withControlPlanes } from "../harness/control-planes.js";
import { nursery } from "./cutover/doomed.js";
import { doomedProgram, killEverywhere } from "./volumes/kills.js";
import { thirtyClaims } from "./volumes/story.js";

export const proof: Proof = {
  name: "volumes",
  summary:
    "30 claims go over and back between real clusters, and kill -9 at every step loses no volume and makes none twice.",
  async run(report) {
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    try {
      return await withControlPlanes({ blue: "1.24.17", green: "1.35.4" }, report, async ({ blue, green }) => {
        const files = { blue: blue.kubeconfigPath, green: green.kubeconfigPath };
        const { wrong: strayed, ...story } = await thirtyClaims(aws.front, files, report);
        const children = await nursery(2, doomedProgram);
        try {
          const { wrong, ...kills } = await killEverywhere(aws.front, files.green, children, { report });
          const holds = strayed.length + wrong.length === 0 && story.claims === 30 && kills.kills >= 70;
          return { holds, figures: { ...story, ...kills, wrong: [...strayed, ...wrong] } };
        } finally {
          await children.close();
        }
      });
    } finally {
      await aws.close();
    }
  },
};
