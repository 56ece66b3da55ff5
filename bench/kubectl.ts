import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "./cluster.js";

/** The peer of replay and export. */
export interface Kubectl {
  /** `v1.33.5` */
  version: string;
  /** Runs it to its end. `output`: a file for what it says; thrown away otherwise. @throws Error in its own last words */
  run(args: readonly string[], output?: string): Promise<void>;
}

/** kubectl as it is on PATH, with a cache of its own below `folder`; or why it can't be measured. */
export async function findKubectl(cluster: Cluster, folder: string): Promise<Kubectl | { missing: string }> {
  const common = ["--kubeconfig", cluster.kubeconfig, "--cache-dir", join(folder, "kubectl-cache")];
  const run = (args: readonly string[], output?: string) => runProgram("kubectl", [...common, ...args], output);
  try {
    // Asking with a server at hand: some installations choose among several kubectls by its version.
    const { clientVersion } = JSON.parse(await run(["version", "-o", "json"])) as {
      clientVersion: { gitVersion: string };
    };
    return {
      version: clientVersion.gitVersion,
      run: async (args, output) => {
        await run(args, output);
      },
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return { missing: "kubectl isn't on PATH: it was not measured" };
    return { missing: `kubectl can't be measured: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Returns what it said where that doesn't go to a file. */
async function runProgram(command: string, args: readonly string[], output?: string): Promise<string> {
  const file = output === undefined ? undefined : await open(output, "w", 0o600);
  try {
    const child = spawn(command, args, { stdio: ["ignore", file ? file.fd : "pipe", "pipe"] });
    const ended = once(child, "close") as Promise<[code: number | null]>;
    let [said, errors] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-2_000);
    });
    const [code] = await ended;
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${errors.trim().split("\n").at(-1) ?? ""}`);
    return said;
  } finally {
    await file?.close();
  }
}
