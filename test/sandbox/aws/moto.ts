import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { motoCommand, motoReady } from "../../../src/sandbox/aws/moto.js";
import { ensureMoto } from "../../../src/sandbox/binaries/moto.js";

export const REGION = "eu-central-1";

/**
 * A real, empty AWS emulator for one test file. CLUSTERSHIFT_TEST_MOTO names a `moto_server` that's there already.
 *
 * `settings`: the emulator's own, by their variables in its environment.
 */
export async function startTestMoto(
  settings: Record<string, string> = {},
): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const program = process.env.CLUSTERSHIFT_TEST_MOTO ?? (await ensureMoto());
  const port = await freePort();
  const { command, args, env } = motoCommand({ program, port, region: REGION });
  const child = spawn(command, args, { env: { ...process.env, ...env, ...settings }, stdio: "ignore" });
  const exited = once(child, "exit");
  const endpoint = `http://127.0.0.1:${port}`;
  const ready = motoReady(endpoint, AbortSignal.timeout(60_000));
  await Promise.race([ready, exited.then(() => Promise.reject(new Error("moto ended before it was ready")))]);
  return {
    endpoint,
    stop: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

export async function freePort(address = "127.0.0.1"): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Waits until `check` is true. @throws Error after 10 s, naming `what`. */
export async function eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await check()) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`never so: ${what}`);
}
