import { join } from "node:path";
import { connect } from "../../src/kube/connect.js";
import type { GreenRecord } from "../../src/model/run.js";
import type { Production } from "./production.js";

const known = ["cert-manager", "cluster-autoscaler", "external-dns"];

/** What of production acts on the world outside: its unsuspended CronJobs, and known programs with replicas. */
export const onTime = ["curator", "newsletter", "reindex", "settlement", "backup-postgres"].sort();
/** Handed over by rules, so that they act on one cluster at a time. */
export const exclusive = [
  {
    ...{ name: "dns", reason: "Two would write over each other's records" },
    select: { kind: "Deployment", namespace: "kube-system", name: "external-dns" },
  },
  { name: "money", reason: "It pays", select: { kind: "CronJob", name: "settlement" } },
];
export const atCutover = { cronJobs: onTime, programs: ["cert-manager", "external-dns"] };
export const atTeardown = { cronJobs: onTime, programs: known };
export const nothing = { cronJobs: [], programs: [] };
/** Blue as it was, and once its exclusive workloads are handed over. */
export const untouched = { cronJobs: onTime, programs: known };
export const handedOver = {
  cronJobs: onTime.filter((name) => name !== "settlement"),
  programs: known.filter((name) => name !== "external-dns"),
};

/** The same of green as it is now. */
export async function actingOnGreen(production: Production): Promise<Acting> {
  const { kubeconfig, context } = await production.read<GreenRecord>("green.json");
  return actingOn(join(await production.runDir(), kubeconfig), context);
}

/** And of blue. */
export const actingOnBlue = ({ blueAdmin }: Production): Promise<Acting> => actingOn(blueAdmin, "blue");

interface Acting {
  cronJobs: string[];
  programs: string[];
}

async function actingOn(kubeconfig: string, context: string): Promise<Acting> {
  const kube = await connect({ kubeconfig, context, env: {} });
  try {
    const { resources } = await kube.discover();
    const list = async (kind: string, acts: (spec: Record<string, unknown>) => boolean): Promise<string[]> => {
      const resource = resources.find((each) => each.kind === kind && each.version === "v1");
      if (!resource) throw new Error(`${context} serves no ${kind}`);
      const names: string[] = [];
      for await (const { items } of kube.pages(resource)) {
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
    await kube.close();
  }
}
