import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callScript, listenScript } from "../../../src/validate/pods/script.js";

const run = promisify(execFile);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "validate-script-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program on the script's PATH that says and ends as told. */
async function tool(name: string, body: string): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
}

/** What the script, run by a real shell, reports with a resolver and a connector that behave so. */
async function reported({ resolver, connector, peers = "" }: { resolver: string; connector: string; peers?: string }) {
  await tool("nslookup", resolver);
  await tool("nc", connector);
  await tool("sleep", "exit 0");
  const message = join(folder, "message");
  await run("/bin/sh", ["-c", callScript], {
    env: {
      PATH: `${folder}:/usr/bin:/bin`,
      MESSAGE: message,
      PEERS: peers,
      KUBERNETES_SERVICE_HOST: "10.100.0.1",
      KUBERNETES_SERVICE_PORT: "443",
    },
  });
  return (await readFile(message, "utf8")).trimEnd().split("\n");
}

const answers = (address: string) => `echo "Server: 10.100.0.10"; echo "Name: $1"; echo "Address: ${address}"`;
/** Reaches the API, and hears from one peer. */
const reaches = `[ "$3 $4" = "10.100.0.1 443" ] && exit 0; [ "$3 $4" = "10.1.0.7 8080" ] && echo clustershift-validates`;

describe("the caller's script", () => {
  it("reports each thing that it reached", async () => {
    const lines = await reported({
      resolver: answers("10.100.0.1"),
      connector: reaches,
      peers: "eu-1b=10.1.0.7 eu-1c=10.1.0.8",
    });
    expect(lines).toEqual([
      "name\tok",
      "api\tok",
      "zone eu-1b\tok",
      expect.stringMatching(/^zone eu-1c\tno answer from 10\.1\.0\.8/),
    ]);
  });

  it("takes no other address for the API's, not even one that begins with it", async () => {
    const [name] = await reported({ resolver: answers("10.100.0.13"), connector: reaches });
    expect(name).toMatch(
      /^name\tServer: 10\.100\.0\.10 Name: kubernetes\.default\.svc\.cluster\.local Address: 10\.100\.0\.13/,
    );
  });

  it("reports what the tools say when they fail, on one line each", async () => {
    const lines = await reported({
      resolver: "printf 'connection\\ttimed out;\\nno servers could be reached\\n' >&2; exit 1",
      connector: "echo refused >&2; exit 1",
      peers: "eu-1b=10.1.0.7",
    });
    expect(lines).toEqual([
      expect.stringMatching(/^name\tconnection timed out; no servers could be reached ?$/),
      expect.stringMatching(/^api\tno connection to 10\.100\.0\.1:443 refused ?$/),
      expect.stringMatching(/^zone eu-1b\tno answer from 10\.1\.0\.7 refused ?$/),
    ]);
  });
});

describe("the listener's script", () => {
  it("greets who connects, again and again, and doesn't spin where it can't listen", async () => {
    const log = join(folder, "log");
    await tool("nc", `read greeting; echo "$* $greeting" >> ${log}; [ $(wc -l < ${log}) -lt 3 ] || kill $PPID`);
    await run("/bin/sh", ["-c", listenScript], { env: { PATH: `${folder}:/usr/bin:/bin` } }).catch(() => undefined);
    expect((await readFile(log, "utf8")).trimEnd().split("\n")).toEqual(
      Array(3).fill("-l -p 8080 clustershift-validates"),
    );
  });
});
