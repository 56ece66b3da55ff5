import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../model/errors.js";
import type { KubernetesVersion } from "./binaries/versions.js";
import type { Colour } from "./places.js";
import { type SandboxFolder, writeWhole } from "./sandbox-folder.js";

/** A cluster that has an edge. */
export interface ClusterRecord {
  /** `blue`, or the name that it had as a green. */
  name: string;
  version: KubernetesVersion;
  /** Since when it stands, ISO 8601, UTC. The older of two is a migration's blue. */
  since: string;
  /** What its edge calls itself. */
  colour: Colour;
  /** The edge's address. */
  address: string;
  /** With a cluster-admin's credentials: the sandbox's own parts use it, clustershift never. */
  adminKubeconfig: string;
  instanceIds: string[];
  /** Every request to its API server, as JSON lines. */
  auditLog?: string;
  /** Addresses that instances are reached by without an Elastic IP: address -> instance id. */
  publicIps: Record<string, string>;
}

export async function registerCluster(folder: SandboxFolder, record: ClusterRecord): Promise<void> {
  await mkdir(folder.clusters, { recursive: true });
  await writeWhole(join(folder.clusters, `${record.name}.json`), record);
}

export async function unregisterCluster(folder: SandboxFolder, name: string): Promise<void> {
  await rm(join(folder.clusters, `${name}.json`), { force: true });
}

export async function listClusters(folder: SandboxFolder): Promise<ClusterRecord[]> {
  const names = (await readdir(folder.clusters).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
  const records = await Promise.all(
    names.map(async (name) => {
      try {
        return JSON.parse(await readFile(join(folder.clusters, name), "utf8")) as ClusterRecord;
      } catch (error) {
        // Gone between the listing and the reading.
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    }),
  );
  return records.filter((record) => record !== undefined);
}

/** One cluster of a sandbox. @throws UserError `usage` where it has none of that name */
export async function requireCluster(folder: SandboxFolder, sandbox: string, name: string): Promise<ClusterRecord> {
  const cluster = (await listClusters(folder)).find((record) => record.name === name);
  if (cluster) return cluster;
  throw new UserError({
    code: "usage",
    what: `Sandbox "${sandbox}" has no cluster "${name}".`,
    fix: "clustershift sandbox status",
  });
}
