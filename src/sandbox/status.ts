import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type ClusterRecord, listClusters } from "./clusters.js";
import { listProcesses } from "./processes/processes.js";
import type { ProcessRecord } from "./processes/record.js";
import { SandboxFolder, type SandboxRecord } from "./sandbox-folder.js";

export interface SandboxStatus {
  name: string;
  dir: string;
  /** Absent where `up` never got so far. */
  record?: SandboxRecord;
  clusters: ClusterRecord[];
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
  return { name, dir: folder.dir, clusters: await listClusters(folder), processes, ...(record && { record }) };
}
