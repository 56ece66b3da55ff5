import { describe, expect, it } from "vitest";
import type { WatchSnapshot } from "../../../src/model/watch.js";
import { watchChanges } from "../../../src/report/watch/watch-changes.js";
import { sampleSnapshot } from "./snapshots.js";

const before = sampleSnapshot();
const shift = before.shift as NonNullable<WatchSnapshot["shift"]>;
const journal = before.journal.value as NonNullable<WatchSnapshot["journal"]["value"]>;
const changed = (parts: Partial<WatchSnapshot>) => watchChanges(before, { ...before, ...parts });
const z = "22:10:00Z";

describe("watchChanges", () => {
  it("begins with everything", () => {
    expect(watchChanges(undefined, before)).toEqual([
      `${z} run 20261128T200000Z`,
      `${z} traffic between blue and green`,
      `${z} at work: jo on ops-1 (pid 4711) runs \`cutover\` since 2026-11-28T22:05:00.000Z`,
      `${z} cutover attempt 1: 1 of 3 steps done`,
      `${z} step share/25: in place, held`,
      `${z} checks after share/5: passed`,
      `${z} app.acme.example. A: blue 75 %, green 25 %`,
      `${z} 203.0.113.1 (syslog, a): blue 100 %, green 0 %`,
      `${z} app.acme.example. A: the DNS answers with blue and green`,
      `${z} blue is well`,
      `${z} green is well`,
      `${z} the window closes at 2026-11-29T03:00:00.000Z`,
    ]);
  });

  it("says nothing while only time passes, and chance picks other answers", () => {
    const [answers] = before.answers.value ?? [];
    const later = {
      at: "2026-11-28T22:10:59.000Z",
      answers: { ...before.answers, value: [{ ...(answers as NonNullable<typeof answers>), blue: 5, green: 5 }] },
    };
    expect(changed(later)).toEqual([]);
  });

  it.each<[string, Partial<WatchSnapshot>, string[]]>([
    [
      "a stage's next part",
      { shift: { ...shift, now: { doing: "wait", since: before.at } } },
      ["step share/25: held: checks are inconclusive"],
    ],
    [
      "the end",
      { traffic: { at: "green", since: before.at }, shift: { ...shift, status: "moved", now: null } },
      ["traffic at green", "cutover attempt 1: all 3 steps done, green serves"],
    ],
    [
      "an error",
      { journal: { ...before.journal, value: { ...journal, errors: [{ at: before.at, what: "cutover-1/x: no" }] } } },
      [`error at ${z}: cutover-1/x: no`],
    ],
    [
      "somebody else's change",
      { portions: { ...before.portions, value: [{ what: "app.acme.example. A", blue: 0, green: 0, other: 1 }] } },
      ["app.acme.example. A: SOMETHING ELSE 100 %"],
    ],
    [
      "a cluster that falls ill",
      {
        health: {
          ...before.health,
          green: { at: before.at, trouble: null, value: { well: false, detail: "no nodes" } },
        },
      },
      ["green is ill: no nodes"],
    ],
    [
      "what can't be read",
      { portions: { ...before.portions, trouble: "Throttling" } },
      ["targets can't be read: Throttling"],
    ],
  ])("tells %s", (_, parts, lines) => {
    expect(changed(parts)).toEqual(lines.map((line) => `${z} ${line}`));
  });

  it("says when something can be read again", () => {
    const blind = { ...before, answers: { ...before.answers, trouble: "ETIMEOUT" } };
    expect(watchChanges(blind, before)).toEqual([`${z} answers can be read again`]);
  });
});
