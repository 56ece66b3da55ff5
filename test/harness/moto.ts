import { spawn } from "node:child_process";
import { once } from "node:events";
import { motoCommand, motoReady } from "../../src/sandbox/aws/moto.js";
import type { EnsureOptions } from "../../src/sandbox/binaries/ensure.js";
import { ensureMoto } from "../../src/sandbox/binaries/moto.js";
import { freePorts } from "../../src/sandbox/cluster/ports.js";

export const region = "eu-central-1";

/** A real, empty AWS emulator of this process's own. */
export interface Moto {
  endpoint: string;
  stop(): Promise<void>;
}

/**
 * Ends the server with whoever holds the other end of its input: the kernel closes that for the dead, too, however they died.
 * What ends by itself is waited for no longer.
 */
const tied = [
  "exec 3<&0",
  '"$@" 3<&- &',
  "server=$!",
  "{ cat <&3; kill -9 $server; } >/dev/null 2>&1 &",
  "watch=$!",
  "wait $server",
  "kill -9 $watch",
].join("\n");

/**
 * Builds it first where it isn't there yet, and returns once it answers.
 *
 * `settings`: the emulator's own, by their variables in its environment.
 */
export async function startMoto(settings: Record<string, string> = {}, options: EnsureOptions = {}): Promise<Moto> {
  const program = await ensureMoto(options);
  const [port = 0] = await freePorts(1);
  const { command, args, env } = motoCommand({ program, port, region });
  const server = spawn("/bin/sh", ["-c", tied, "sh", command, ...args], {
    env: { ...process.env, ...env, ...settings },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const exited = once(server, "exit");
  const endpoint = `http://127.0.0.1:${port}`;
  const ready = motoReady(endpoint, AbortSignal.timeout(60_000));
  await Promise.race([ready, exited.then(() => Promise.reject(new Error("moto ended before it was ready")))]);
  return {
    endpoint,
    async stop() {
      server.stdin.end();
      await exited;
    },
  };
}
