import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SandboxFolder } from "./sandbox-folder.js";

/** Lines of each log that a report shows. */
const tailLines = 30;

/** The last words of each program of a cluster's control plane; none once it is gone. */
export async function controlPlaneLogs(
  env: NodeJS.ProcessEnv,
  sandbox: string,
  cluster: string,
): Promise<{ name: string; tail: string }[]> {
  const folder = join(new SandboxFolder(env, sandbox).controlPlane(cluster), "kwokctl", "clusters", cluster, "logs");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".log") && !/audit/.test(name));
  return Promise.all(
    names.sort().map(async (name) => {
      const lines = (await readFile(join(folder, name), "utf8")).trimEnd().split("\n");
      return { name, tail: lines.slice(-tailLines).join("\n") };
    }),
  );
}
