import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createProgress, describeTick, type Progress } from "../../src/report/progress.js";

function shown(
  options: { terminal: boolean; level?: "quiet" | "info" | "debug" },
  work: (progress: Progress, pass: (ms: number) => void) => void,
): string {
  let now = 0;
  const out = new PassThrough();
  const progress = createProgress(out, { level: "info", ...options, now: () => new Date(now) });
  work(progress, (ms) => {
    now += ms;
  });
  return String(out.read() ?? "");
}

const objects = (done: number) => ({ done, total: 400, unit: "objects" });

describe("progress", () => {
  it("prints plain lines when piped: one every ten seconds, and the last", () => {
    const text = shown({ terminal: false }, (progress, pass) => {
      for (let done = 0; done < 400; done += 20) {
        progress.tick("replay", objects(done));
        pass(1000);
      }
      progress.tick("replay", objects(400));
      progress.end();
    });
    expect(text.split("\n")).toEqual([
      "replay: 200 of 400 objects, 20/s, 10s left",
      "replay: 400 of 400 objects, 20/s",
      "",
    ]);
    expect(text).not.toContain("\u001b");
  });

  it("redraws one line on a terminal, at most ten times a second, and clears it for what has a line of its own", () => {
    const text = shown({ terminal: true }, (progress, pass) => {
      for (let done = 0; done < 100; done++) {
        progress.tick("replay", objects(done));
        pass(10);
      }
      progress.warn("careful");
      progress.end();
    });
    expect(text.split("replay:").length - 1).toBeLessThanOrEqual(11);
    expect(text.endsWith("\r\u001b[2Kwarning: careful\n")).toBe(true);
  });

  it.each([
    ["quiet", ["warning: w"]],
    ["info", ["l", "warning: w"]],
    ["debug", ["l", "warning: w", "debug: d"]],
  ] as const)("shows at level %s: %j", (level, lines) => {
    const text = shown({ terminal: false, level }, (progress) => {
      progress.line("l");
      progress.warn("w");
      progress.debug("d");
      progress.tick("t", { done: 0, unit: "x" });
    });
    expect(text.trimEnd().split("\n")).toEqual(lines);
  });

  it.each<[Parameters<typeof describeTick>[1], number, string]>([
    [{ done: 312, total: 403, unit: "objects" }, 1300, "n: 312 of 403 objects, 240/s, 379ms left"],
    [{ done: 0, total: 403, unit: "objects" }, 9000, "n: 0 of 403 objects"],
    [{ done: 5, unit: "requests" }, 10_000, "n: 5 requests, 0.5/s"],
    [{ done: 403, total: 403, unit: "objects" }, 2000, "n: 403 of 403 objects, 202/s"],
    [{ done: 9, total: 10, unit: "objects" }, 100, "n: 9 of 10 objects"],
    [
      { done: 2, total: 9, unit: "resources", leftMs: 430_000, at: "at prod for 3m 02s" },
      60_000,
      "n: 2 of 9 resources, about 7m 10s left, at prod for 3m 02s",
    ],
    [{ done: 9, total: 9, unit: "resources", leftMs: 0 }, 60_000, "n: 9 of 9 resources"],
  ])("describes %j after %i ms as %j", (tick, elapsed, text) => {
    expect(describeTick("n", tick, elapsed)).toBe(text);
  });
});
