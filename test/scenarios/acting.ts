import { join } from "node:path";
import { connect } from "../../src/kube/connect.js";
import type { GreenRecord } from "../../src/model/run.js";
import type { Production } from "./production.js";

const known = ["cert-manager", "cluster-autoscaler", "external-dns"];

/** What of production acts on the world outside: its unsuspended CronJobs, and known programs with replicas. */
export const onTime = ["curator", "newsletter", "reindex", "settlement", "backup-postgres"].sort();
export const atCutover = { cronJobs: onTime, programs: ["cert-manager"] };
export const atTeardown = { cronJobs: onTime, programs: known };
export const nothing = { cronJobs: [], programs: [] };

/** The same of green as it is now. */
export async function actingOnGreen(production: Production): Promise<{ cronJobs: string[]; programs: string[] }> {
  const record = await production.read<GreenRecord>("green.json");
  const kubeconfig = join(await production.runDir(), record.kubeconfig);
  const green = await connect({ kubeconfig, context: record.context, env: {} });
  try {
    const { resources } = await green.discover();
    const list = async (kind: string, acts: (spec: Record<string, unknown>) => boolean): Promise<string[]> => {
      const resource = resources.find((each) => each.kind === kind && each.version === "v1");
      if (!resource) throw new Error(`green serves no ${kind}`);
      const names: string[] = [];
      for await (const { items } of green.pages(resource)) {
        names.push(
          ...items.filter(({ spec }) => acts(spec as Record<string, unknown>)).map(({ metadata }) => metadata.name),
        );
      }
      return names.sort();
    };
    return {
      cronJobs: await list("CronJob", ({ suspend }) => suspend !== true),
      programs: (await list("Deployment", ({ replicas }) => replicas !== 0)).filter((name) => known.includes(name)),
    };
  } finally {
    await green.close();
  }
}
