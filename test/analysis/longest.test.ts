import { expect, it } from "vitest";
import type { AnalysisConfig } from "../../src/analysis/context.js";
import { longestMs } from "../../src/analysis/longest.js";

const command = (timeout: string): AnalysisConfig => ({ kind: "command", name: timeout, run: ["true"], timeout });
const compare = (requests: number): AnalysisConfig => ({
  kind: "compare",
  name: "answers",
  requests: Array.from({ length: requests }, (_, index) => ({
    url: `https://app.acme.example/${index}`,
    method: "GET",
    headers: {},
  })),
  ...{ blue: "192.0.2.1", green: "ingress", headers: [], body: true, ignore: [], replace: [] },
  ...{ samples: 3, tolerated: 0, timeout: "10s" },
});

it.each<[string, AnalysisConfig[], number]>([
  ["no check takes no time", [], 0],
  ["checks are made at the same time", [command("60s"), command("90s")], 90_000],
  ["samples of a request come after each other", [compare(8)], 30_000],
  ["and so do more requests than are made at once", [command("1s"), compare(9)], 60_000],
])("%s", (_, checks, ms) => {
  expect(longestMs(checks)).toBe(ms);
});
