import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** Where the state of stacks is, and what its secrets are encrypted with. */
export interface StateOf {
  workDir: string;
  pulumiHome: string;
  passphrase: string;
  env: Record<string, string>;
}

/** The Pulumi CLI as a person would run it, on the state that clustershift's engine uses. */
export async function runPulumi(program: string, args: string[], state: StateOf): Promise<string> {
  const { workDir, pulumiHome, passphrase, env } = state;
  const own = {
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: pathToFileURL(join(workDir, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const options = { cwd: workDir, env: { ...process.env, ...env, ...own }, maxBuffer: 1 << 26 };
  const run = promisify(execFile)(program, [...args, "--non-interactive"], options);
  const { stdout, stderr } = await run.catch((failed: { stdout?: string; stderr?: string }) => {
    throw new Error(`pulumi ${args.join(" ")} failed:\n${failed.stdout}${failed.stderr}`);
  });
  return `${stdout}${stderr}`;
}
