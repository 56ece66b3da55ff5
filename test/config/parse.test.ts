import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.js";
import { UserError } from "../../src/model/errors.js";
import { fixtures, messagePath } from "./fixtures.js";

function errorOf(text: string, file: string): UserError {
  try {
    parseConfig(text, file);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${file} was accepted`);
}

describe("valid files", () => {
  it.each(fixtures("valid"))("$name is accepted", ({ name, text }) => {
    expect(parseConfig(text, name).apiVersion).toBe("clustershift.dev/v1");
  });

  it("get every default", () => {
    const minimal = fixtures("valid").find(({ name }) => name === "valid-minimal.yaml");
    expect(parseConfig(minimal?.text ?? "", "minimal")).toEqual({
      apiVersion: "clustershift.dev/v1",
      environment: "acme production",
      blue: { name: "blue.acme.example", context: "blue" },
      green: {
        name: "acme-1-35",
        version: "1.35",
        stack: { kind: "sandbox", sandbox: "default" },
        readyTimeout: "30m",
        policy: { off: [], rules: [] },
        validate: { steady: "1m", every: "10s", podTimeout: "3m" },
      },
      pulumi: {},
      bundle: { recipients: [], maxAge: "30d" },
      backup: { require: ["teardown"], maxAge: "24h" },
      rehearsal: { maxAge: "14d" },
      health: { times: 3, every: "10s", nodes: 90, namespaces: ["kube-system"] },
      replay: {
        skip: [],
        keep: [],
        deployers: [],
        adaptations: { off: [], nodeLabels: {}, images: {} },
        transforms: [],
        hold: [],
        dontHold: [],
        concurrency: 32,
      },
      smoke: { maxAge: "30m", checks: [], timeout: "10s" },
      traffic: {
        route53: [],
        zoneShare: { percent: 30, from: 10 },
        loadBalancers: [],
        elasticIps: [],
        manual: [],
        marks: "leave",
        steps: [1, 5, 25, 50, 100],
        hold: "60s",
        afterwards: "simple",
        analysis: [],
        inconclusiveFor: "10m",
        leftover: { sources: [], every: "1m", quietFor: "15m", maxAge: "15m" },
      },
      approval: { required: 1, authorMayApproveAlone: false, approvers: [] },
      notify: {
        contact: "whoever sent you this notice",
        effect: "no interruption is expected; connections that are open stay where they are until they end",
        timeout: "5s",
        sinks: [],
        templates: {},
      },
      workloads: {
        warm: { enabled: true, exclude: [], headroom: 0, timeout: "15m" },
        exclusive: { rules: [], timeout: "10m" },
      },
      volumes: { rules: [], zones: {}, timeout: "2h", velero: { namespace: "velero", timeout: "4h" } },
      soak: "24h",
      record: { prefix: "clustershift", green: true },
      runs: "runs",
    });
  });

  it("keep what an alias stands for", () => {
    const anchors = fixtures("valid").find(({ name }) => name === "valid-anchors.yaml");
    expect(parseConfig(anchors?.text ?? "", "anchors").smoke.checks[1]).toMatchObject({ kind: "tls", port: 443 });
  });
});

/** The messages beside the fixtures are rewritten by `vitest -u`: read them as a person would who made the mistake. */
describe("invalid files", () => {
  const all = fixtures("invalid");

  it("are many", () => {
    expect(all.length).toBeGreaterThanOrEqual(50);
  });

  it.each(all)("$name is refused with the message beside it", async ({ path, text }) => {
    const error = errorOf(text, "clustershift.yaml");
    expect(error.code).toBe("config-invalid");
    await expect(`${error.message}\n`).toMatchFileSnapshot(messagePath(path));
  });

  it.each(all)("$name is refused by words that name a line of it and are not zod's", ({ text }) => {
    const lines = text.split("\n").length;
    for (const line of errorOf(text, "clustershift.yaml").message.split("\n")) {
      const match = /^clustershift\.yaml:(\d+): (.+)$/.exec(line);
      expect(match, line).not.toBeNull();
      expect(Number(match?.[1])).toBeGreaterThanOrEqual(1);
      expect(Number(match?.[1])).toBeLessThanOrEqual(lines);
      expect(line).not.toMatch(/invalid|expected|received|undefined|\[object|too (small|big)|unrecognized|\bNaN\b/);
    }
  });

  it("never repeats a secret that stands in the wrong place", () => {
    const secret = "AGE-SECRET-KEY-1QQQQ";
    const holding = all.filter(({ text }) => text.includes(secret));
    expect(holding.length).toBeGreaterThanOrEqual(2);
    for (const { name, text } of holding) expect(errorOf(text, name).message).not.toContain(secret);
  });
});

describe("a mistake's line", () => {
  const head = "apiVersion: clustershift.dev/v1\nenvironment: acme\n";
  const green = 'green: { name: g, version: "1.35", stack: { kind: sandbox } }\n';

  it.each([
    ["a key's own, not its value's", `${head}blue:\n  name: b\n  context: c\n${green}oops:\n  deep: 1\n`, 7, "oops"],
    ["the parent's, for what is missing", `${head}${green}blue:\n  name: b\n`, 4, "blue.context"],
    [
      "the entry's, in a list",
      `${head}${green}blue: { name: b, context: c }\ntraffic:\n  steps:\n    - 100\n    - no\n`,
      8,
      "traffic.steps[1]",
    ],
    [
      "the alias's, for what it brings in",
      `${head}${green}blue: { name: b, context: c }\nsmoke:\n  timeout: &t x\n  maxAge: *t\n`,
      6,
      "smoke.timeout",
    ],
  ])("is %s", (_, text, line, path) => {
    expect(errorOf(text, "f.yaml").message).toContain(`f.yaml:${line}: ${path} `);
  });

  it("comes in the order of the file", () => {
    const message = errorOf(`soak: x\n${head}${green}blue: 1\nruns: 2\n`, "f").message;
    expect([...message.matchAll(/^f:(\d+)/gm)].map((match) => Number(match[1]))).toEqual([1, 5, 6]);
  });
});
