import { createInterface } from "node:readline";
import { createResolver } from "../dns/resolver.js";
import { type Load, startLoad } from "./load.js";
import type { WorkerCommand, WorkerConfig, WorkerEvent } from "./protocol.js";

/**
 * The load as a process of its own, so that nothing else that a parent does delays it: `worker CONFIG-AS-JSON`.
 * It ends when it's told to, or when its parent is gone.
 */
function say(event: WorkerEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** @returns whether it goes on */
async function obey(load: Load, command: WorkerCommand): Promise<boolean> {
  switch (command.command) {
    case "phase":
      load.phase(command.name);
      say({ event: "phase", name: command.name });
      return true;
    case "counts":
      say({ event: "counts", result: load.counts() });
      return true;
    case "stop":
      return false;
  }
}

// A parent that's gone also leaves nobody to write to.
process.stdout.on("error", () => undefined);
// Ctrl-C goes to the whole group: the parent says when the load ends.
process.on("SIGINT", () => undefined);

const { dns, ...targets } = JSON.parse(process.argv[2] ?? "{}") as WorkerConfig;
const load = await startLoad({ ...targets, resolver: createResolver(dns) });
say({ event: "started" });
for await (const line of createInterface({ input: process.stdin })) {
  if (!(await obey(load, JSON.parse(line) as WorkerCommand))) break;
}
say({ event: "stopped", result: await load.stop() });
process.stdin.destroy();
