import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";

/**
 * Command lines of living processes that inherited `SANDBOX_MARK=mark` in their environment: what a test started, directly
 * or not, found without our own records.
 */
export async function processesMarked(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (!environment.includes(`SANDBOX_MARK=${mark}\0`)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    found.push(`${pid}: ${line.replaceAll("\0", " ")}`);
  }
  return found;
}

/** Whether nobody listens there over TCP. */
export function isFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
