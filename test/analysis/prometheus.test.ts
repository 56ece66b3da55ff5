import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AnalysisConfig } from "../../src/analysis/context.js";
import { judgeAnswer, prometheus } from "../../src/analysis/prometheus.js";
import { selfSigned } from "../smoke/certificates.js";
import { closedPort, listening } from "../smoke/servers.js";
import { analysisContext } from "./context.js";

type Check = Extract<AnalysisConfig, { kind: "prometheus" }>;

const vector = (...values: [Record<string, string>, string][]) => ({
  status: "success",
  data: { resultType: "vector", result: values.map(([metric, value]) => ({ metric, value: [1795903200.123, value] })) },
});
const scalar = (value: string) => ({ status: "success", data: { resultType: "scalar", result: [1795903200, value] } });

describe("an answer", () => {
  it.each<[string, number, unknown, string, RegExp]>([
    ["one series", 200, vector([{}, "0.25"]), "passed", /^the value is 0.25; expected at most 1\.$/],
    ["a scalar", 200, scalar("1e-3"), "passed", /^the value is 0.001/],
    [
      "one series beyond",
      200,
      vector([{ __name__: "up", job: "a" }, "2"]),
      "failed",
      /^up\{job="a"\} is 2; expected at most 1/,
    ],
    ["one of several beyond", 200, vector([{ pod: "a" }, "0"], [{ pod: "b" }, "7"]), "failed", /^\{pod="b"\} is 7/],
    [
      "several within",
      200,
      vector([{ pod: "a" }, "0"], [{ pod: "b" }, "1"]),
      "passed",
      /\{pod="a"\} is 0; \{pod="b"\} is 1/,
    ],
    ["no series", 200, vector(), "inconclusive", /^There is no data\.$/],
    ["NaN", 200, vector([{}, "NaN"]), "inconclusive", /no data of the value/],
    ["infinity", 200, scalar("+Inf"), "failed", /Infinity/],
    ["less than nothing", 200, scalar("-Inf"), "passed", /-Infinity/],
    ["a warning", 200, { ...vector([{}, "0"]), warnings: ["store a is down"] }, "inconclusive", /store a is down/],
    ["a warning, and beyond", 200, { ...vector([{}, "2"]), warnings: ["store a is down"] }, "failed", /is 2/],
    ["a note", 200, { ...vector([{}, "0"]), infos: ["metric might not be a counter"] }, "passed", /is 0/],
    [
      "a matrix",
      200,
      { status: "success", data: { resultType: "matrix", result: [] } },
      "inconclusive",
      /a matrix; only/,
    ],
    [
      "a string",
      200,
      { status: "success", data: { resultType: "string", result: [1, "1"] } },
      "inconclusive",
      /a string; only/,
    ],
    [
      "a histogram",
      200,
      { status: "success", data: { resultType: "vector", result: [{ metric: {}, histogram: [1, {}] }] } },
      "inconclusive",
      /is a histogram/,
    ],
    ["no number", 200, scalar("0x10"), "inconclusive", /"0x10", which is no number/],
    ["an empty number", 200, scalar(""), "inconclusive", /"", which is no number/],
    [
      "a number that is no text",
      200,
      { status: "success", data: { resultType: "scalar", result: [1, 0] } },
      "inconclusive",
      /not as Prometheus does/,
    ],
    [
      "an error in the query",
      400,
      { status: "error", errorType: "bad_data", error: "parse error" },
      "inconclusive",
      /^bad_data: parse error$/,
    ],
    [
      "an error as if all were well",
      200,
      { status: "error", errorType: "timeout", error: "it took too long" },
      "inconclusive",
      /^timeout/,
    ],
    ["success with another status", 503, vector([{}, "0"]), "inconclusive", /answers 503/],
    ["another server's JSON", 200, { ok: true }, "inconclusive", /not as Prometheus does/],
    ["null", 200, null, "inconclusive", /not as Prometheus does/],
  ])("%s", (_, status, body, outcome, detail) => {
    const seen = judgeAnswer(status, JSON.stringify(body), { max: 1, missing: "inconclusive" });
    expect(seen).toEqual({ outcome, detail: expect.stringMatching(detail) });
  });

  it.each([
    "",
    "<html>login</html>",
    '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0"]',
  ])("that is cut or no JSON: %j", (text) => {
    expect(judgeAnswer(200, text, { max: 1, missing: "passes" })).toMatchObject({ outcome: "inconclusive" });
  });

  it("without data passes only where that was agreed", () => {
    expect(judgeAnswer(200, JSON.stringify(vector()), { max: 1, missing: "passes" })).toMatchObject({
      outcome: "passed",
    });
  });
});

describe("prometheus", () => {
  const check = (url: string, more: Partial<Check> = {}): Check => ({
    kind: "prometheus",
    name: "errors",
    url,
    query: "up",
    max: 1,
    missing: "inconclusive",
    timeout: "400ms",
    ...more,
  });
  const serve = (listener: RequestListener) => listening(createServer(listener));
  const folder = (): string => {
    const dir = mkdtempSync(join(tmpdir(), "clustershift-analysis-"));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    return dir;
  };

  it("asks with the query filled in, below the server's path, with the token", async () => {
    const seen: unknown[] = [];
    const port = await serve(({ url = "", headers: { authorization } }, response) => {
      const { pathname, searchParams } = new URL(url, "http://prometheus");
      seen.push([pathname, searchParams.get("tenant"), searchParams.get("query"), authorization]);
      response.end(JSON.stringify(vector([{}, "0"])));
    });
    const dir = folder();
    writeFileSync(join(dir, "token"), "from-file\n");
    const query = 'errors{cluster="{{green}}",was="{{ blue }}",step="{{stage}}"} > {{share}}';
    const url = `http://127.0.0.1:${port}/thanos/?tenant=a`;
    const context = analysisContext({ dir, env: { TOKEN: "from-env" } });
    for (const token of [{ file: "token" }, { env: "TOKEN" }]) {
      expect(await prometheus(check(url, { query, token }), context)).toMatchObject({ outcome: "passed" });
    }
    const filled = 'errors{cluster="acme-1-35",was="blue.acme.example",step="share/25"} > 25';
    expect(seen).toEqual([
      ["/thanos/api/v1/query", "a", filled, "Bearer from-file"],
      ["/thanos/api/v1/query", "a", filled, "Bearer from-env"],
    ]);
  });

  it("can't be made without its token", async () => {
    const asked = prometheus(check("http://127.0.0.1:1", { token: { env: "TOKEN" } }), analysisContext({ env: {} }));
    await expect(asked).rejects.toThrow("the environment variable TOKEN holds no token");
  });

  it.each<[string, RequestListener, RegExp]>([
    ["an error of the server", (_, response) => response.writeHead(502).end("bad gateway"), /answers 502/],
    ["a redirect to a login", (_, response) => response.writeHead(302, { location: "/login" }).end(), /answers 302/],
    ["a closed connection", ({ socket }) => socket.destroy(), /closed without an answer/],
    ["silence", () => {}, /no answer within 400 ms/],
    ["an answer that doesn't end", (_, response) => void response.write('{"status":'), /no answer within 400 ms/],
    [
      "too much",
      (_, response) => response.end(JSON.stringify(vector([{ a: "x".repeat(2 ** 20) }, "0"]))),
      /larger than 1 MiB/,
    ],
  ])("is inconclusive: %s", async (_, listener, detail) => {
    const port = await serve(listener);
    const result = await prometheus(check(`http://127.0.0.1:${port}`, { missing: "passes" }), analysisContext());
    expect(result).toEqual({ outcome: "inconclusive", detail: expect.stringMatching(detail) });
  });

  it("is inconclusive where nobody listens", async () => {
    const result = await prometheus(check(`http://127.0.0.1:${await closedPort()}`), analysisContext());
    expect(result).toMatchObject({ outcome: "inconclusive", detail: expect.stringContaining("connection refused") });
  });

  const pair = selfSigned("localhost", 2);
  it.skipIf(!pair)("trusts the authority that it is given, and no other", async () => {
    const { key = "", cert = "" } = pair ?? {};
    const server = createTls({ key, cert }, (_, response) => void response.end(JSON.stringify(scalar("0"))));
    const port = await listening(server);
    const dir = folder();
    writeFileSync(join(dir, "ca.pem"), cert);
    const url = `https://localhost:${port}`;
    expect(await prometheus(check(url, { ca: "ca.pem" }), analysisContext({ dir }))).toMatchObject({
      outcome: "passed",
    });
    expect(await prometheus(check(url), analysisContext({ dir }))).toMatchObject({
      outcome: "inconclusive",
      detail: expect.stringMatching(/self-signed|SELF_SIGNED/),
    });
  });
});
