import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { listProcesses, startProcess, stopProcess } from "../../../src/sandbox/processes/processes.js";
import { canOwnNetwork, openNetwork } from "../../../src/sandbox/velero/own-network.js";
import { temporaryFolder } from "../../kube/fake-server.js";

const can = await canOwnNetwork();

/** Takes a port that is taken outside, and asks what is at that and at two others. */
const program = `
  const { createServer } = require("node:http");
  const ports = process.argv.slice(1).map(Number);
  const ask = (port) => fetch("http://127.0.0.1:" + port).then((answer) => answer.text(), () => "nothing");
  createServer((_, response) => response.end("inside")).listen(ports[0], async () => {
    console.log("heard " + (await Promise.all(ports.map(ask))).join(", "));
  });
`;

it.skipIf(!can)(
  "gives a program ports of its own, and of this machine's only those that it shall reach",
  async () => {
    const dir = await temporaryFolder();
    const processes = join(dir, "processes");
    const servers = ["taken", "served", "hidden"].map((name) => createServer((_, response) => response.end(name)));
    const ports = await Promise.all(
      servers.map(
        (server) =>
          new Promise<number>((done) => {
            server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port));
          }),
      ),
    );
    const network = await openNetwork({ name: "network", dir, processes, ports: ports.slice(1, 2), env: process.env });
    try {
      const log = join(dir, "program.log");
      const inside = network.inside(process.execPath, ["-e", program, ...ports.map(String)]);
      await startProcess(processes, { name: "program", ...inside, log });
      await expect.poll(() => readFile(log, "utf8"), { timeout: 60_000 }).toContain("heard inside, served, nothing");
    } finally {
      await stopProcess(processes, "program");
      await network.close();
      for (const server of servers) server.close();
    }
    expect(await listProcesses(processes)).toEqual([]);
  },
  120_000,
);
