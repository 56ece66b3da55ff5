import { runDaemon } from "./daemon.js";

/** The daemon's own process: `node main.js SANDBOX`. Ends on SIGTERM. */
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
process.on("SIGINT", () => stop.abort());
const name = process.argv[2];
if (!name) throw new Error("usage: main.js SANDBOX");
await runDaemon(process.env, name, stop.signal);
