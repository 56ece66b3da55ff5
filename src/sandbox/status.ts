import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareText } from "../model/canonical.js";
import { type ClusterRecord, listClusters } from "./clusters.js";
import { listProcesses } from "./processes/processes.js";
import type { ProcessRecord } from "./processes/record.js";
import { SandboxFolder, type SandboxRecord } from "./sandbox-folder.js";

export interface SandboxStatus {
  name: string;
  dir: string;
  /** Absent where `up` never got so far. */
  record?: SandboxRecord;
  /** The older one first: it serves, and is blue to a migration. */
  clusters: (ClusterRecord & { role: "blue" | "green" })[];
  processes: (ProcessRecord & { running: boolean })[];
}

/** What is there of a sandbox; undefined where there is none. */
export async function sandboxStatus(env: NodeJS.ProcessEnv, name: string): Promise<SandboxStatus | undefined> {
  const folder = new SandboxFolder(env, name);
  if (!(await readdir(folder.dir).catch(() => undefined))) return undefined;
  const record = await folder.read();
  const planes = await readdir(folder.path("control-planes")).catch(() => []);
  const folders = [folder.processes, ...planes.map((plane) => join(folder.controlPlane(plane), "processes"))];
  const processes = (await Promise.all(folders.map((dir) => listProcesses(dir)))).flat();
  const byAge = (await listClusters(folder)).sort((a, b) => compareText(a.since, b.since));
  const clusters = byAge.map((cluster, index) => ({ ...cluster, role: index === 0 ? "blue" : "green" }) as const);
  return { name, dir: folder.dir, clusters, processes, ...(record && { record }) };
}
