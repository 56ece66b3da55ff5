import { setTimeout as delay } from "node:timers/promises";

/** How a process is started: its program, arguments and environment (added to the parent's). */
export interface CommandLine {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/**
 * The command line of the AWS emulator.
 * `program`: the venv's `moto_server`. It listens on loopback alone: it checks no credentials.
 */
export function motoCommand({ program, port, region }: { program: string; port: number; region: string }): CommandLine {
  return {
    command: program,
    args: ["--host", "127.0.0.1", "--port", String(port)],
    env: {
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: "sandbox",
      AWS_SECRET_ACCESS_KEY: "sandbox",
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
    },
  };
}

/**
 * Waits until the emulator answers.
 * @throws Error when `signal` aborts first, e.g. because its process ended or `AbortSignal.timeout` ran out.
 */
export async function motoReady(endpoint: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${endpoint}/moto-api/data.json`, { signal });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch (error) {
      if (signal.aborted) throw new Error(`the AWS emulator did not answer at ${endpoint}`, { cause: error });
    }
    await delay(50);
  }
}
