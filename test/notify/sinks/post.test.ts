import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { post } from "../../../src/notify/sinks/post.js";
import { answering, type Behaviour, receiver } from "../receiver.js";

const never = new AbortController().signal;
const now = () => Date.parse("2026-11-28T21:00:00Z");

function send(url: string, timeoutMs = 2_000, signal = never) {
  return post({ url: new URL(url), body: "{}", headers: { "x-a": "b" } }, { now, timeoutMs, signal });
}

const redirect =
  (status: number, to: string): Behaviour =>
  ({ path }, response) =>
    void response.writeHead(path === "/there" ? 200 : status, { location: to }).end();

const withHeader =
  (status: number, header: string): Behaviour =>
  (_, response) =>
    void response.writeHead(status, { "retry-after": header }).end();

describe("post", () => {
  it.each<[string, Behaviour, object]>([
    ["200", answering(200), { outcome: "delivered" }],
    ["204", answering(204), { outcome: "delivered" }],
    ["500", answering(500), { outcome: "refused", why: "it answered 500", again: true }],
    ["404", answering(404), { outcome: "refused", why: "it answered 404", again: false }],
    ["429 with seconds", withHeader(429, "7"), { outcome: "refused", again: true, afterMs: 7_000 }],
    ["503 with a date", withHeader(503, "Sat, 28 Nov 2026 21:00:09 GMT"), { again: true, afterMs: 9_000 }],
    ["429 with a date that is over", withHeader(429, "Sat, 28 Nov 2026 20:00:00 GMT"), { again: true, afterMs: 0 }],
    ["429 with nonsense", withHeader(429, "soon"), { outcome: "refused", why: "it answered 429", again: true }],
    ["308 on the same host", redirect(308, "/there"), { outcome: "delivered" }],
    ["307 in circles", redirect(307, "/"), { outcome: "refused", why: "it redirects in circles", again: false }],
    [
      "302, which would become a GET",
      redirect(302, "/there"),
      { why: expect.stringMatching(/not followed/), again: false },
    ],
    ["307 to nowhere", redirect(307, "http://["), { why: expect.stringMatching(/not followed/), again: false }],
    [
      "a cut",
      (_, response) => void response.destroy(),
      { outcome: "refused", why: "the connection was cut", again: true },
    ],
    ["a hang", () => {}, { outcome: "refused", why: "no answer within 200 ms", again: true }],
  ])("%s", async (_, behave, expected) => {
    const { url } = await receiver(behave);
    expect(await send(`${url}/hook`, 200)).toMatchObject(expected);
  });

  it("sends nothing to another host than it was told", async () => {
    const other = await receiver();
    const { url, received } = await receiver(redirect(307, `${other.url}/there`));
    expect(await send(url)).toMatchObject({ outcome: "refused", again: false });
    expect(received).toHaveLength(1);
    expect(other.received).toEqual([]);
  });

  it("says the same body again where it is redirected", async () => {
    const { url, received } = await receiver(redirect(307, "/there"));
    await send(`${url}/here`);
    expect(received.map(({ path, body, headers }) => [path, body, headers["x-a"]])).toEqual([
      ["/here", "{}", "b"],
      ["/there", "{}", "b"],
    ]);
  });

  it("ends at once when nothing is wanted any more", async () => {
    const stop = new AbortController();
    const { url, atLeast } = await receiver(() => {});
    const sent = send(url, 30_000, stop.signal);
    await atLeast(1);
    stop.abort();
    expect(await sent).toEqual({ outcome: "refused", why: "there was no time left", again: false });
  });

  it("doesn't wait for an answer's endless body", async () => {
    const { url } = await receiver((_, response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write("x".repeat(8_192)), 5);
      response.on("close", () => clearInterval(more));
    });
    expect(await send(url)).toEqual({ outcome: "delivered" });
  });

  it("says of a closed port nothing that was in its address", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    expect(await send(`http://127.0.0.1:${port}/services/T0/secret`)).toEqual({
      outcome: "refused",
      why: "connection refused",
      again: true,
    });
  });

  it("knows no host of a name that nobody has", async () => {
    const answer = await send("http://webhook.invalid/services/T0/secret");
    expect(answer).toMatchObject({ outcome: "refused", again: true });
    expect(JSON.stringify(answer)).not.toMatch(/invalid|secret/);
  });
});
