import { createServer } from "node:http";
import { expect, it } from "vitest";
import type { LeftoverContext, SourceConfig } from "../../src/leftover/context.js";
import { parseExposition } from "../../src/leftover/exposition.js";
import { measure } from "../../src/leftover/measure.js";
import { countedOf } from "../../src/leftover/sources/cloudwatch.js";
import { printed } from "../../src/leftover/sources/command.js";
import { difference, gauged } from "../../src/leftover/sources/counter.js";
import { closedPort, listening } from "../smoke/servers.js";

const at = (value: number, client = "a", name = "hits") => ({ name, labels: { client }, value });
const by = { metric: "hits", who: "client" };

const context: LeftoverContext = {
  dir: process.cwd(),
  env: { PATH: process.env.PATH },
  clock: { now: () => 0, sleep: async () => {} },
  openCloudWatch: async () => {
    throw new Error("no region");
  },
};
const ends = { token: undefined, ca: undefined, timeout: "5s", allowed: 0 };

async function serving(...answers: string[]): Promise<string> {
  const port = await listening(
    createServer((_, response) => void response.end(answers.length > 1 ? answers.shift() : answers[0])),
  );
  return `http://127.0.0.1:${port}/metrics`;
}

const counter = (url: string, unit: "requests" | "connections" = "requests"): SourceConfig => ({
  ...{ kind: "counter", name: "edge", url, metric: "hits", labels: { job: "x" }, who: "client", unit, over: "1s" },
  ...ends,
});

it.each<[string, string, unknown]>([
  ["a plain one", "hits 3", [{ name: "hits", labels: {}, value: 3 }]],
  [
    "labels, a comment, a time",
    '# TYPE\nhits{a="b", c="d",} 1e2 1700\n',
    [{ name: "hits", labels: { a: "b", c: "d" }, value: 100 }],
  ],
  ["braces and escapes", 'hits{a="}\\"\\\\n\\n"} 0', [{ name: "hits", labels: { a: '}"\\n\n' }, value: 0 }]],
  ["HTML", "<html>", undefined],
  ["half a line", 'hits{a="b', undefined],
  ["no number", "hits many", undefined],
])("parses %s", (_, text, expected) => {
  expect(parseExposition(text)).toEqual(expected);
});

it.each<[string, ReturnType<typeof difference>, unknown]>([
  ["grown", difference([at(3)], [at(5)], by), { who: [{ name: "a", amount: 2 }] }],
  ["come", difference([], [at(5)], by), { who: [{ name: "a", amount: 5 }] }],
  ["still", difference([at(5)], [at(5)], by), { who: [{ name: "a", amount: 0 }] }],
  [
    "of two names",
    difference([at(1)], [at(1), at(2, "b")], by),
    {
      who: [
        { name: "a", amount: 0 },
        { name: "b", amount: 2 },
      ],
    },
  ],
  ["fallen", difference([at(5)], [at(1)], by), { unknown: expect.stringContaining("fell") }],
  ["gone", difference([at(5), at(1, "b")], [at(5)], by), { unknown: expect.stringContaining("of b fell") }],
  ["never there", difference([], [], by), { unknown: expect.stringContaining("no series") }],
  ["a gauge", gauged([at(2), at(3)], by), { who: [{ name: "a", amount: 5 }] }],
  ["no gauge", gauged([], by), { unknown: expect.stringContaining("no series") }],
])("a counter that is %s", (_, counted, expected) => {
  expect(counted).toEqual(expected);
});

it.each<[string, unknown]>([
  ["12\n", { who: [{ name: "(all)", amount: 12 }] }],
  [
    "10.0.0.7 3\nold app 0\n10.0.0.7 1",
    {
      who: [
        { name: "10.0.0.7", amount: 4 },
        { name: "old app", amount: 0 },
      ],
    },
  ],
  ["", { unknown: "it prints nothing" }],
  ["nobody", { unknown: expect.stringContaining("ends in no number") }],
  ["a 0\n".repeat(3000), { unknown: expect.stringContaining("more than 8 KiB") }],
])("a program that prints %j", (output, expected) => {
  expect(printed(output)).toEqual(expected);
});

it("takes CloudWatch's data only whole", () => {
  const points = [2, 3].map((value) => ({ at: 0, value }));
  const data = (status: string, some = points) => ({
    series: [{ label: "x", status, points: some, messages: [] }],
    messages: [],
  });
  const of = { metric: "RequestCount", unit: "requests", none: "unknown" } as const;
  expect(countedOf(data("Complete"), of)).toEqual({ who: [{ name: "RequestCount", amount: 5 }] });
  expect(countedOf(data("Complete"), { ...of, unit: "connections" })).toEqual({
    who: [{ name: "RequestCount", amount: 3 }],
  });
  expect(countedOf(data("PartialData"), of)).toEqual({ unknown: expect.stringContaining("PartialData") });
  expect(countedOf(data("Complete", []), of)).toEqual({ unknown: "there is no data" });
  expect(countedOf(data("Complete", []), { ...of, none: "quiet" })).toEqual({ who: [] });
});

it("asks real servers and programs, and tells who", async () => {
  const first = 'hits{job="x",client="a"} 3\nhits{job="y",client="b"} 1\n';
  const url = await serving(first, 'hits{job="x",client="a"} 10\nhits{job="y",client="b"} 90\n');
  const vector = { resultType: "vector", result: [{ metric: { client: "c" }, value: [1, "0.5"] }] };
  const server = await serving(JSON.stringify({ status: "success", data: vector }));
  const prometheus: SourceConfig = {
    ...{
      kind: "prometheus",
      name: "rate",
      url: server,
      query: "x",
      unit: "requests/s",
      who: "client",
      none: "unknown",
    },
    ...ends,
  };
  const command = (name: string, script: string): SourceConfig => ({
    ...{ kind: "command", name, run: [process.execPath, "-e", script], unit: "connections" },
    ...{ timeout: "20s", allowed: 1 },
  });
  const cloudwatch: SourceConfig = {
    ...{ kind: "cloudwatch", name: "lb", namespace: "x", metric: "y", dimensions: {}, unit: "requests", over: "5m" },
    ...{ none: "quiet", region: undefined, timeout: "5s", allowed: 0 },
  };
  const sources = [
    counter(url),
    counter(await serving("hits 1"), "connections"),
    counter(`http://127.0.0.1:${await closedPort()}/`),
    prometheus,
    command("one", "console.log(1)"),
    command("fails", "console.log(0); process.exit(3)"),
    cloudwatch,
  ];
  const readings = await measure(sources, context);
  expect(readings.map(({ outcome, amount, detail }) => [outcome, amount, detail])).toEqual([
    ["some", 7, "7 requests, 0 allowed: a (7)."],
    ["unknown", null, expect.stringContaining("no series of hits has these labels")],
    ["unknown", null, "Could not be measured: connection refused."],
    ["some", 0.5, "0.5 requests/s, 0 allowed: c (0.5)."],
    ["quiet", 1, "1 connections, 1 allowed: (all) (1)."],
    ["unknown", null, "Could not be measured: exit 3."],
    ["unknown", null, "Could not be measured: no region."],
  ]);
});
