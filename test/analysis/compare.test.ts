import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Server } from "node:net";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { compare, judgeSamples, type Sample, sampleOf } from "../../src/analysis/compare.js";
import type { AnalysisConfig } from "../../src/analysis/context.js";
import { analysisContext } from "./context.js";

type Check = Extract<AnalysisConfig, { kind: "compare" }>;

/** Blue at 127.0.0.1 and green at 127.0.0.2, on one port, as under one name; undefined is a cluster that refuses. */
async function clusters(blue: RequestListener | undefined, green: RequestListener | undefined): Promise<number> {
  const at = async (listener: RequestListener | undefined, address: string, port: number): Promise<number> => {
    const server: Server = createServer(listener);
    await new Promise<void>((done, failed) => {
      server.once("error", failed);
      server.listen(port, address, done);
    });
    const { port: bound } = server.address() as AddressInfo;
    const close = () => new Promise<void>((done) => void server.close(() => done()));
    if (listener) onTestFinished(close);
    else await close();
    return bound;
  };
  return at(green, "127.0.0.2", await at(blue, "127.0.0.1", 0));
}

const json =
  (value: unknown): RequestListener =>
  (_, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify(value));

const check = (port: number, more: Partial<Check> = {}): Check => ({
  kind: "compare",
  name: "same answers",
  requests: [{ url: `http://app.acme.example:${port}/prices`, method: "GET", headers: {} }],
  blue: "127.0.0.1",
  green: "ingress",
  headers: [],
  body: true,
  ignore: [],
  replace: [],
  samples: 1,
  tolerated: 0,
  timeout: "400ms",
  ...more,
});

describe("compare", () => {
  it("asks both the same, under production's name", async () => {
    const seen: unknown[] = [];
    const listener: RequestListener = ({ method, url, headers: { host, accept, authorization } }, response) => {
      seen.push([method, url, host, accept, authorization]);
      response.end();
    };
    const port = await clusters(listener, listener);
    const headers = { accept: "text/html", authorization: "Bearer s3cret" };
    const requests: Check["requests"] = [{ url: `http://app.acme.example:${port}/a?b=c`, method: "HEAD", headers }];
    const result = await compare(check(port, { requests, samples: 2 }), analysisContext());
    expect(result).toEqual({ outcome: "passed", detail: "0 of 2 samples differ (0 % may)." });
    const expected = ["HEAD", "/a?b=c", `app.acme.example:${port}`, "text/html", "Bearer s3cret"];
    expect(seen).toEqual([expected, expected, expected, expected]);
  });

  it.each<[string, RequestListener | undefined, RequestListener | undefined, Partial<Check>, string, RegExp]>([
    [
      "the same but for what is ignored",
      json({ a: 1, t: 1 }),
      json({ t: 2, a: 1 }),
      { ignore: ["/t"] },
      "passed",
      /^0 of 1/,
    ],
    ["another value", json({ a: 1 }), json({ a: 2 }), {}, "failed", /prices: body at \/a: 1 at blue, 2 at green/],
    ["another value, where bodies don't count", json({ a: 1 }), json({ a: 2 }), { body: false }, "passed", /^0 of 1/],
    ["an error of green", json(1), (_, r) => r.writeHead(503).end(), {}, "failed", /status 200 at blue, 503 at green/],
    [
      "errors of both",
      (_, r) => r.writeHead(503).end(),
      (_, r) => r.writeHead(503).end(),
      {},
      "inconclusive",
      /blue itself answers 503/,
    ],
    ["a green that refuses", json(1), undefined, {}, "failed", /green: connection refused, and blue answers/],
    ["a green that is silent", json(1), () => {}, {}, "failed", /green: no answer within 400 ms/],
    ["a blue that refuses", undefined, json(1), {}, "inconclusive", /blue: connection refused/],
    [
      "a body that is too large",
      json("x".repeat(2 ** 20)),
      json("x".repeat(2 ** 20)),
      {},
      "inconclusive",
      /larger than 1 MiB/,
    ],
  ])("%s", async (_, blue, green, more, outcome, detail) => {
    const port = await clusters(blue, green);
    expect(await compare(check(port, more), analysisContext())).toEqual({
      outcome,
      detail: expect.stringMatching(detail),
    });
  });

  it("tolerates a share that differs", async () => {
    let asked = 0;
    const port = await clusters(json(1), (request, response) => json(asked++ === 0 ? 2 : 1)(request, response));
    const some = await compare(check(port, { samples: 4, tolerated: 25 }), analysisContext());
    expect(some).toEqual({
      outcome: "passed",
      detail: expect.stringMatching(/^1 of 4 samples differ \(25 % may\); the first: GET/),
    });
    asked = 0;
    expect(await compare(check(port, { samples: 4, tolerated: 24 }), analysisContext())).toMatchObject({
      outcome: "failed",
    });
  });

  it("can't compare with an address that green doesn't have", async () => {
    const asked = compare(check(1, { green: "ingres" }), analysisContext());
    await expect(asked).rejects.toThrow('green has no address named "ingres"; it has: ingress');
  });
});

describe("samples", () => {
  const answer = { status: 200, headers: {}, body: { kind: "text" as const, text: "" } };
  it("say nothing of green where blue doesn't answer", () => {
    expect(sampleOf({ trouble: "refused" }, { trouble: "refused" }, [])).toEqual({ unclear: "blue: refused" });
    expect(sampleOf(answer, { tooBig: true }, [])).toEqual({ unclear: "a body is larger than 1 MiB" });
  });

  it("fail, pass or say nothing whatever the unclear ones would have said", () => {
    const sample = fc.constantFrom<Sample>(
      { what: "GET /", same: true },
      { what: "GET /", differs: "status" },
      { what: "GET /", unclear: "blue: refused" },
    );
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1 }), fc.integer({ min: 0, max: 99 }), (samples, tolerated) => {
        const asIf = (instead: Sample) =>
          judgeSamples(
            samples.map((each) => ("unclear" in each ? instead : each)),
            tolerated,
          ).outcome;
        const [best, worst] = [asIf({ what: "", same: true }), asIf({ what: "", differs: "status" })];
        expect(judgeSamples(samples, tolerated).outcome).toBe(best === worst ? best : "inconclusive");
      }),
    );
  });
});
