import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { command } from "../../src/analysis/command.js";
import { startTimeOf } from "../../src/host/process-identity.js";
import { analysisContext } from "./context.js";

describe("command", () => {
  const dir = mkdtempSync(join(tmpdir(), "clustershift-command-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const run = (argv: string[], { timeout = "20s", signal }: { timeout?: string; signal?: AbortSignal } = {}) =>
    command(
      { kind: "command", name: "own", run: argv, timeout },
      analysisContext({ dir, env: { PATH: process.env.PATH, TEAM: "shop" }, ...(signal && { signal }) }),
    );
  const sh = (script: string) => ["/bin/sh", "-c", script];

  it.each<[string, string[], string, RegExp]>([
    ["0", sh("echo fine"), "passed", /^exit 0: fine$/],
    ["1", sh("echo orders are 40 % down >&2; exit 1"), "failed", /^exit 1: orders are 40 % down$/],
    ["2", sh("exit 2"), "inconclusive", /^exit 2\.$/],
    ["127", sh("no-such-program"), "inconclusive", /^exit 127: .*not found/],
    ["a signal", sh("kill -9 $$"), "inconclusive", /^ended by SIGKILL\.$/],
    ["no such program", ["./no-such-program"], "inconclusive", /^It could not be started: .*ENOENT/],
  ])("ends with %s", async (_, argv, outcome, detail) => {
    expect(await run(argv)).toEqual({ outcome, detail: expect.stringMatching(detail) });
  });

  it("is told which step it is, and runs in the configuration's folder without a shell", async () => {
    writeFileSync(
      join(dir, "check.sh"),
      '#!/bin/sh\necho "$1|$TEAM|$CLUSTERSHIFT_STEP|$CLUSTERSHIFT_SHARE|$CLUSTERSHIFT_RUN"\necho "$CLUSTERSHIFT_BLUE|$CLUSTERSHIFT_GREEN|$(pwd)"\n',
      { mode: 0o755 },
    );
    expect(await run(["./check.sh", "$(rm -rf x); *"])).toEqual({
      outcome: "passed",
      detail: `exit 0: $(rm -rf x); *|shop|share/25|25|run-1 / blue.acme.example|acme-1-35|${dir}`,
    });
  });

  it("shows the last lines, and no terminal's tricks", async () => {
    const { detail } = await run(sh(`seq 1 100000; printf '\\033[31mred\\033[0m\\b\\n\\nlast\\n'`));
    expect(detail).toBe("exit 0: 99998 / 99999 / 100000 / red\ufffd / last");
    const long = await run(sh("head -c 100000 /dev/zero | tr '\\0' x"));
    expect(long.detail.length).toBeLessThan(600);
  });

  /** Writes the pid of a child that would outlive it. */
  const withChild = (then: string) => sh(`sleep 300 & echo $! > child.pid; ${then}`);
  const childIsGone = () => startTimeOf(Number(readFileSync(join(dir, "child.pid"), "utf8"))) === undefined;

  it("ends with its whole group where it takes too long", async () => {
    const result = await run(withChild("echo waiting; wait"), { timeout: "300ms" });
    expect(result).toEqual({ outcome: "inconclusive", detail: "not done after 300ms: waiting" });
    await expect.poll(childIsGone).toBe(true);
  });

  it("is killed where it doesn't want to end", async () => {
    const result = await run(withChild("trap '' TERM; while :; do sleep 0.05; done"), { timeout: "100ms" });
    expect(result).toMatchObject({ outcome: "inconclusive" });
    await expect.poll(childIsGone).toBe(true);
  });

  it("leaves nobody behind who holds its output open", async () => {
    expect(await run(withChild("echo done"))).toEqual({ outcome: "passed", detail: "exit 0: done" });
    await expect.poll(childIsGone).toBe(true);
  });

  it("ends with its whole group on Ctrl-C", async () => {
    const stop = new AbortController();
    const running = run(withChild("wait"), { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("stopped")), 200);
    await expect(running).rejects.toThrow("stopped");
    await expect.poll(childIsGone).toBe(true);
  });
});
