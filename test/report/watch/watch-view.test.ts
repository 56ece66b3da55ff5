import { describe, expect, it } from "vitest";
import type { Doing, WatchSnapshot } from "../../../src/model/watch.js";
import { watchLines } from "../../../src/report/watch/watch-view.js";
import { sampleSnapshot } from "./snapshots.js";

const wide = { columns: 120, rows: 50 };
const shown = (parts: Partial<WatchSnapshot> = {}, size = wide) => watchLines(sampleSnapshot(parts), size).join("\n");
const moving = (now: Doing) => ({ shift: { ...(sampleSnapshot().shift as NonNullable<WatchSnapshot["shift"]>), now } });
const since = "2026-11-28T22:09:00.000Z";

describe("watchLines", () => {
  it("shows a cutover under way", () => {
    expect(shown().split("\n")).toEqual([
      "acme production  run 20261128T200000Z  22:10:00Z",
      "Traffic   BETWEEN blue and green since 22:05:10Z",
      "At work   jo on ops-1 (pid 4711) runs `cutover` since 2026-11-28T22:05:00.000Z",
      "Cutover   attempt 1: 1 of 3 steps done, begun 5m 00s ago",
      "Steps     [x] share/5  [>] share/25  [ ] share/100",
      "Step      2 of 3, green gets 25 % of app.acme.example. A",
      "          in place and held, 1m 00s left; then the checks",
      "Targets   seen 3s ago",
      "  app.acme.example. A      [---------------#####]  blue 75 %, green 25 %",
      "  203.0.113.1 (syslog, a)  [--------------------]  blue 100 %, green 0 %",
      "Answers   of ns-1.example, seen 3s ago",
      "  app.acme.example. A  blue 8, green 2",
      "Checks    after share/5: passed, 1 of 1 passed (22:08:00Z)",
      "Errors    none",
      "Time      window closes 03:00:00Z, in 4h 50m; the way back takes 1m 30s (measured)",
      "          5m 00s of the 1h 00m are spent that the plan has for the cutover",
      "Blue      well: 3 of 3 nodes Ready, 4 system workloads whole; seen 0ms ago",
      "Green     well: 3 of 3 nodes Ready, 4 system workloads whole; seen 0ms ago",
      "Journal   21 entries in runs/20261128T200000Z/journal.jsonl, seen 1s ago",
      "  22:09:00Z cutover green's share to 25 % (route53:Z1): done",
    ]);
  });

  it.each<[string, Doing, string]>([
    ["one that begins", { doing: "begin", since }, "to begin: nothing of it was tried yet"],
    ["a write", { doing: "move", since, done: 1, of: 3 }, "1 of 3 in place; waiting until the rest is, for 1m 00s"],
    ["checks", { doing: "hold", since, until: since }, "held long enough; checks are made since 1m 00s"],
    ["doubt", { doing: "wait", since }, "held: checks are inconclusive; all moves back in 9m 00s"],
    ["a way back", { doing: "return", since, done: 0, of: 2 }, "going back: 0 of 2 are as they were, for 1m 00s"],
  ])("says of %s what it is at", (_, now, words) => {
    expect(shown(moving(now))).toContain(`          ${words}`);
  });

  it("says what is not there, and why", () => {
    const nothing = { at: null, value: null, trouble: "no route to host" };
    const text = shown({
      ...{ run: null, journal: nothing, shift: null, portions: nothing, answers: nothing },
      traffic: { at: "blue", since: null },
      health: {
        blue: nothing,
        green: { at: "2026-11-28T22:09:00.000Z", value: { well: false, detail: "no nodes" }, trouble: "gone" },
      },
      unseen: ["elastic-ip:eipalloc-1: gone"],
    });
    expect(text).toContain("run none yet");
    expect(text).toContain("Cutover   none was begun: clustershift status says what comes next");
    for (const label of ["Targets  ", "Answers  ", "Blue     ", "Journal  "])
      expect(text).toContain(`${label} not seen yet; can't be read now: no route to host`);
    expect(text).toContain("Green     ILL: no nodes; seen 1m 00s ago; can't be read now: gone");
    expect(text).toContain("  not seen: elastic-ip:eipalloc-1: gone");
  });

  it("puts what somebody else changed first, and says how many more there are", () => {
    const value = Array.from({ length: 90 }, (_, n) => ({
      what: `n${n}.example. A`,
      blue: 1,
      green: 0,
      other: Number(n === 80),
    }));
    const lines = shown({ portions: { at: since, trouble: null, value } }, { columns: 100, rows: 30 }).split("\n");
    expect(lines.length).toBeLessThanOrEqual(30);
    expect(lines[8]).toMatch(/^ {2}n80\.example\. A {2}\[-{10}\?{10}\] {2}blue 50 %, SOMETHING ELSE 50 %$/);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}… and \d+ more$/));
    expect(lines).toContain("Errors    none");
  });

  it.each([
    [80, 24],
    [40, 12],
    [20, 5],
    [1, 1],
  ])("fits into %i columns and %i rows", (columns, rows) => {
    const lines = watchLines(sampleSnapshot({ environment: "環境 🚀 production" }), { columns, rows });
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
  });

  it("lets nothing from outside move the cursor", () => {
    const text = shown({ environment: "a\x1b[2Jb\r\nc" });
    expect(text.split("\n")[0]).toMatch(/^a\ufffd\[2Jb c/);
  });
});
