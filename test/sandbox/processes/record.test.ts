import { describe, expect, it } from "vitest";
import { parseStat } from "../../../src/host/process-identity.js";
import { quote } from "../../../src/sandbox/processes/launch-script.js";
import { assertProcessName, parseRecord } from "../../../src/sandbox/processes/record.js";

const whole = { name: "etcd", pid: 42, startTime: "123", command: ["etcd"], at: "2026-01-01T00:00:00.000Z" };

describe("parseRecord", () => {
  it("reads a whole record", () => {
    expect(parseRecord(JSON.stringify(whole))).toEqual(whole);
  });

  it.each([
    ["a cut one", JSON.stringify(whole).slice(0, -5)],
    ["an empty file", ""],
    ["null", "null"],
    ["init's pid", JSON.stringify({ ...whole, pid: 1 })],
    ["pid 0, which would be our own group", JSON.stringify({ ...whole, pid: 0 })],
    ["a negative pid", JSON.stringify({ ...whole, pid: -5 })],
    ["a pid that is text", JSON.stringify({ ...whole, pid: "42" })],
    ["no start time", JSON.stringify({ ...whole, startTime: undefined })],
  ])("refuses %s", (_, text) => {
    expect(parseRecord(text)).toBeUndefined();
  });
});

describe("parseStat", () => {
  const rest = "1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 100 1";
  it.each([
    ["(sh)", "S"],
    ["(a b)", "Z"],
    ["(x) R 1 2 (y))", "R"],
  ])("counts the fields after the name %s", (name, state) => {
    expect(parseStat(`7 ${name} ${state} ${rest}`)).toEqual({ state, startTime: "987654" });
  });

  it("knows a line that isn't one", () => {
    expect(parseStat("7 (sh) S 1")).toBeUndefined();
  });
});

it.each(["../x", "a/b", "", ".hidden", "A", "a b"])("%j can't name a process", (name) => {
  expect(() => assertProcessName(name)).toThrow("can't name");
});

it("quotes for the shell", () => {
  expect(quote("it's $HOME")).toBe(`'it'\\''s $HOME'`);
});
