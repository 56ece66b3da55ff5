import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isRunning, startTimeOf } from "../../src/host/process-identity.js";

describe.runIf(process.platform === "linux")("a process's identity", () => {
  it("knows this process by its number and its start", () => {
    const start = startTimeOf(process.pid) ?? "";
    expect(start).toMatch(/^\d+$/);
    expect(isRunning({ pid: process.pid, startTime: start })).toBe(true);
    expect(isRunning({ pid: process.pid, startTime: `${start}1` })).toBe(false);
  });

  it("knows that a number beyond all others is nobody's", () => {
    expect(startTimeOf(2 ** 22 + 1)).toBeUndefined();
    expect(isRunning({ pid: 2 ** 22 + 1, startTime: "" })).toBe(false);
  });

  it("counts a zombie, which its parent has not waited for, as dead", async () => {
    // `exec sleep` keeps the shell from ever waiting for its first child, which ends only after it.
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 30"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
      const zombie = Number(chunk.toString().trim());
      await expect.poll(() => startTimeOf(zombie), { timeout: 5000 }).toBeUndefined();
      expect(() => process.kill(zombie, 0), "it still has its number").not.toThrow();
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
