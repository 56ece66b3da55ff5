import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";
import type { SandboxStatus } from "../../../src/sandbox/status.js";
import { isFree, processesMarked } from "../../harness/processes.js";
import type { Production } from "../production.js";

/** The end of the sandbox: nothing is left of it. */
export function down(production: Production): void {
  const { place } = production;

  it("sandbox down leaves no process, port or file", async () => {
    const { json } = await place.json<{ sandboxes: SandboxStatus[] }>(
      "sandbox",
      "status",
      "--name",
      production.sandbox,
    );
    // The emulator, the daemon, and the five of the cluster that serves with the kwokctl that started them.
    expect(json.sandboxes[0]?.processes.filter(({ running }) => running).length).toBeGreaterThanOrEqual(7);
    expect(await processesMarked(production.dir)).not.toEqual([]);
    await place.succeed("sandbox", "down", "--name", production.sandbox);
    expect(await processesMarked(production.dir)).toEqual([]);
    await expect(readdir(production.folder.dir)).rejects.toThrow(/ENOENT/);
    const { ports, addresses } = production.record;
    for (const [port, address] of [
      ...[addresses.blue, addresses.green].flatMap((edge) => [
        [ports.http, edge] as const,
        [ports.https, edge] as const,
      ]),
      [ports.dns, addresses.dns],
      [ports.aws, "127.0.0.1"],
      [ports.moto, "127.0.0.1"],
    ] as const)
      expect({ port, free: await isFree(port, address) }).toEqual({ port, free: true });
  });
}
