import type { LoadTargets } from "./load.js";
import type { LoadResult } from "./tally.js";

/** The worker's one argument, as JSON. */
export interface WorkerConfig extends LoadTargets {
  dns: { server: string; port: number };
}

/** A line of JSON on the worker's standard input. The end of the input stops it as well. */
export type WorkerCommand = { command: "phase"; name: string } | { command: "counts" } | { command: "stop" };

/** A line of JSON on its standard output: `started` once, then one for each command, in order. `stopped` is the last. */
export type WorkerEvent =
  | { event: "started" }
  | { event: "phase"; name: string }
  | { event: "counts"; result: LoadResult }
  | { event: "stopped"; result: LoadResult };
