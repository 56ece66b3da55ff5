import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { answers } from "../binaries/run-command.js";
import { quote } from "../processes/launch-script.js";
import { alive, startProcess, stopProcess } from "../processes/processes.js";
import { nodeCommand } from "../self.js";

export interface OwnNetwork {
  /** The command line that runs a program in it, in one process with what it starts. */
  inside(command: string, args: readonly string[]): { command: string; args: string[] };
  close(): Promise<void>;
}

const patience = 60_000;
const unshare = ["--net", ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"])];

/** Whether this machine lets us make networks: on Linux, as root or where users may have namespaces. */
export async function canOwnNetwork(): Promise<boolean> {
  return process.platform === "linux" && answers("unshare", [...unshare, "ip", "link", "set", "lo", "up"]);
}

/**
 * A network that a program has for itself, so that ports that it takes are nobody else's. Of this machine's it reaches these
 * ports of 127.0.0.1, under the same numbers, and nothing else.
 *
 * `dir` holds sockets between the two networks; `processes` the record of the process that serves them, `name`.
 */
export async function openNetwork({
  name,
  dir,
  processes,
  ports,
  env,
}: {
  name: string;
  dir: string;
  processes: string;
  ports: readonly number[];
  env: NodeJS.ProcessEnv;
}): Promise<OwnNetwork> {
  const socket = (port: number) => join(dir, `${port}.sock`);
  const [outside, within] = [join(dir, "outside.ready"), join(dir, "inside.ready")];
  for (const ready of [outside, within]) await rm(ready, { force: true });
  const out = nodeCommand(
    "./forward",
    import.meta.url,
    outside,
    ...ports.flatMap((port) => [socket(port), String(port)]),
  );
  const into = nodeCommand(
    "./forward",
    import.meta.url,
    within,
    ...ports.flatMap((port) => [String(port), socket(port)]),
  );
  await startProcess(processes, { name, ...out, env, log: join(dir, "network.log") });
  const deadline = performance.now() + patience;
  while (!(await exists(outside))) {
    if (!(await alive(processes, name)) || performance.now() > deadline) {
      await stopProcess(processes, name);
      throw new Error(`${name} doesn't serve its sockets: see ${join(dir, "network.log")}`);
    }
    await sleep(20);
  }
  return {
    inside(command, args) {
      const script = [
        "set -e",
        "ip link set lo up",
        `${[into.command, ...into.args].map(quote).join(" ")} &`,
        `while [ ! -e ${quote(within)} ]; do kill -0 $!; sleep 0.1; done`,
        'exec "$@"',
      ].join("\n");
      return { command: "unshare", args: [...unshare, "/bin/sh", "-c", script, "sh", command, ...args] };
    },
    close: () => stopProcess(processes, name),
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
