import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { messageOf } from "../../src/model/errors.js";
import { type AwsFront, startAwsFront } from "../../src/sandbox/aws/front.js";
import { ensureMoto } from "../../src/sandbox/binaries/moto.js";

/** A real emulator behind the fault-injecting proxy, or why there is none. */
export type TestAws = { front: AwsFront; close(): Promise<void> } | { missing: string };

/**
 * CLUSTERSHIFT_TEST_MOTO names one that is running; else one is started, which can take a while the first time. `own`: one that
 * nobody else works in.
 */
export async function openTestAws({ own = false }: { own?: boolean } = {}): Promise<TestAws> {
  // The SDK asks for credentials, and the emulator takes any.
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const running = process.env.CLUSTERSHIFT_TEST_MOTO;
  if (running && !own) return openFront(running, undefined);
  try {
    const port = await freePort();
    const server = spawn(await ensureMoto(), ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    await untilUp(port, server);
    return openFront(`http://127.0.0.1:${port}`, server);
  } catch (error) {
    return { missing: messageOf(error) };
  }
}

async function openFront(target: string, server: ChildProcess | undefined): Promise<TestAws> {
  const front = await startAwsFront({ target, port: 0 });
  return {
    front,
    async close() {
      await front.close();
      server?.kill("SIGKILL");
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function untilUp(port: number, server: ChildProcess): Promise<void> {
  for (let look = 0; look < 600; look++) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}`);
    const up = await fetch(`http://127.0.0.1:${port}/moto-api/data.json`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  server.kill("SIGKILL");
  throw new Error("moto_server did not come up");
}
