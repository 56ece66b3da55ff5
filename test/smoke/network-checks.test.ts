import { createSocket } from "node:dgram";
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createTcp } from "node:net";
import { createServer as createTls } from "node:tls";
import packet from "dns-packet";
import { describe, expect, it, onTestFinished } from "vitest";
import { dns } from "../../src/smoke/dns.js";
import { http } from "../../src/smoke/http.js";
import { tcp } from "../../src/smoke/tcp.js";
import { tls } from "../../src/smoke/tls.js";
import { udpSyslog } from "../../src/smoke/udp-syslog.js";
import { selfSigned } from "./certificates.js";
import { smokeContext } from "./context.js";
import { closedPort, listening, udpServer } from "./servers.js";

describe("http", () => {
  const check = (port: number, more: Partial<Parameters<typeof http>[0]> = {}) =>
    http(
      {
        kind: "http",
        name: "shop",
        url: `http://app.acme.example:${port}/health`,
        address: "ingress",
        status: 200,
        header: {},
        ...more,
      },
      smokeContext(),
    );
  const serve = (listener: RequestListener) => listening(createHttp(listener));

  it("asks green under production's name", async () => {
    const seen: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      seen.push(request.headers.host, request.url);
      response.end("ok from green");
    });
    expect(await check(port, { bodyContains: "green" })).toMatchObject({ outcome: "passed" });
    expect(seen).toEqual([`app.acme.example:${port}`, "/health"]);
  });

  it.each<[string, RequestListener, Partial<Parameters<typeof http>[0]>, RegExp]>([
    ["another status", (_, response) => response.writeHead(502).end(), {}, /status 502, expected 200/],
    ["a redirect", (_, response) => response.writeHead(302, { location: "/" }).end(), {}, /status 302/],
    [
      "another body",
      (_, response) => response.end("default backend - 404"),
      { bodyContains: "shop" },
      /default backend/,
    ],
    [
      "another header",
      (_, response) => response.setHeader("x-colour", "blue").end(),
      { header: { "X-Colour": "green" } },
      /"blue", expected "green"/,
    ],
    [
      "a header that is missing",
      (_, response) => response.end(),
      { header: { "x-colour": "green" } },
      /x-colour missing/,
    ],
    ["silence", () => {}, {}, /no answer within 400 ms/],
    ["a closed connection", (request) => request.socket.destroy(), {}, /closed without an answer|reset/i],
    ["a body that never ends", (_, response) => void response.write("a"), {}, /no answer within 400 ms/],
  ])("fails on %s", async (_, listener, more, detail) => {
    const port = await serve(listener);
    const server = await check(port, more);
    expect(server).toMatchObject({ outcome: "failed", detail: expect.stringMatching(detail) });
  });

  it("fails where nobody listens", async () => {
    expect(await check(await closedPort())).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining("connection refused"),
    });
  });

  it("can't ask an address that green doesn't have", async () => {
    await expect(check(80, { address: "elsewhere" })).rejects.toThrow(/no address named "elsewhere"; it has: ingress/);
  });
});

describe("tcp", () => {
  const check = (port: number) => tcp({ kind: "tcp", name: "db", address: "ingress", port }, smokeContext());

  it("passes where a connection is accepted", async () => {
    expect(await check(await listening(createTcp((socket) => socket.destroy())))).toMatchObject({ outcome: "passed" });
  });

  it("fails where none is", async () => {
    expect(await check(await closedPort())).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining("connection refused"),
    });
  });
});

describe("udp-syslog", () => {
  const check = (port: number, addresses = ["127.0.0.1"]) =>
    udpSyslog(
      { kind: "udp-syslog", name: "syslog", group: "syslog", port },
      smokeContext({
        nodes: { syslog: addresses.map((address, i) => ({ name: `node-${i}`, zone: "eu-1a", address })) },
      }),
    );

  it("sends RFC 5424 to each node and takes any answer", async () => {
    const messages: string[] = [];
    const port = await udpServer((message) => {
      messages.push(message);
      return "ack";
    });
    expect(await check(port)).toMatchObject({ outcome: "passed" });
    expect(messages[0]).toMatch(/^<134>1 \d{4}-\d\d-\d\dT[\d:.]+Z clustershift smoke - smoke-[0-9a-f]{12} - \S/);
  });

  it("sends again: a datagram may be lost", async () => {
    let heard = 0;
    expect(await check(await udpServer(() => (++heard === 2 ? "ack" : undefined)))).toMatchObject({
      outcome: "passed",
    });
  });

  it("fails where one of the nodes is silent, and names it", async () => {
    const port = await udpServer(() => "ack");
    const result = await check(port, ["127.0.0.1", "127.0.0.2"]);
    expect(result).toMatchObject({ outcome: "failed", detail: expect.stringMatching(/1 of 2 .* node-1 \(127.0.0.2/) });
  });

  it("says whether the TCP port is open where UDP is silent", async () => {
    const port = await udpServer(() => undefined);
    expect(await check(port)).toMatchObject({
      outcome: "failed",
      detail: expect.stringMatching(/no answer within 400 ms \(TCP: connection refused\)/),
    });
  });

  it("is inconclusive where the group has no nodes", async () => {
    expect(await check(514, [])).toMatchObject({ outcome: "inconclusive" });
  });
});

describe("dns", () => {
  const check = (server: string, query = "app.acme.example") =>
    dns({ kind: "dns", name: "dns", query, type: "A", server }, smokeContext());
  const nameServer = async (reply: (id: number) => packet.Packet | undefined) => {
    const socket = createSocket("udp4");
    socket.on("message", (message, from) => {
      const query = packet.decode(message);
      const answer = reply(query.id ?? 0);
      if (answer) socket.send(packet.encode({ ...answer, questions: query.questions ?? [] }), from.port, from.address);
    });
    await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
    onTestFinished(() => void socket.close());
    return `127.0.0.1:${socket.address().port}`;
  };
  const answer = (id: number, flags: number, data?: string): packet.Packet => ({
    type: "response",
    id,
    flags,
    answers: data ? [{ type: "A", name: "app.acme.example", ttl: 5, data }] : [],
  });

  it("passes with what the name resolves to", async () => {
    const server = await nameServer((id) => answer(id, packet.AUTHORITATIVE_ANSWER, "192.0.2.7"));
    expect(await check(server)).toMatchObject({ outcome: "passed", detail: expect.stringContaining("192.0.2.7") });
  });

  it.each([
    ["there is no such name", 3, /no such name/],
    ["the name has no such record", 0, /no record of this type/],
    ["the server refuses", 5, /refused/],
  ])("fails where %s", async (_, rcode, detail) => {
    const server = await nameServer((id) => answer(id, rcode));
    expect(await check(server)).toMatchObject({ outcome: "failed", detail: expect.stringMatching(detail) });
  });

  it("fails where nobody answers", async () => {
    expect(await check(await nameServer(() => undefined))).toMatchObject({ outcome: "failed" });
  });
});

const good = selfSigned("app.acme.example", 90);

describe.skipIf(!good)(`tls${good ? "" : " (skipped: no openssl)"}`, () => {
  const check = async (more: Partial<Parameters<typeof tls>[0]> = {}, now = Date.now()) => {
    const port = await listening(createTls({ key: good?.key ?? "", cert: good?.cert ?? "" }, (socket) => socket.end()));
    return tls(
      {
        kind: "tls",
        name: "tls",
        serverName: "app.acme.example",
        address: "ingress",
        port,
        validFor: "7d",
        trust: "any",
        ...more,
      },
      smokeContext({ clock: { now: () => now, sleep: async () => {} } }),
    );
  };
  const days = 86_400_000;

  it("passes with a certificate for the name that is valid for long enough", async () => {
    expect(await check()).toMatchObject({ outcome: "passed" });
  });

  it.each<[string, Partial<Parameters<typeof tls>[0]>, number, RegExp]>([
    ["a chain that isn't trusted", { trust: "system" }, 0, /isn't trusted: .*SELF_SIGNED/i],
    ["another name", { serverName: "api.acme.example" }, 0, /it is for DNS:app.acme.example/],
    ["one that expires too soon", { validFor: "100d" }, 0, /expires in \d+d/],
    ["one that has expired", {}, 91 * days, /it expired/],
    ["one that isn't valid yet", {}, -2 * days, /valid only from/],
  ])("fails with %s", async (_, more, later, detail) => {
    const result = await check(more, Date.now() + later);
    expect(result).toMatchObject({ outcome: "failed", detail: expect.stringMatching(detail) });
  });

  it("fails where nobody listens, and where nobody speaks TLS", async () => {
    expect(await check({ port: await closedPort() })).toMatchObject({ detail: expect.stringContaining("refused") });
    const port = await listening(createTcp((socket) => socket.end("220 hello\r\n")));
    expect(await check({ port })).toMatchObject({ outcome: "failed", detail: expect.stringContaining("handshake") });
  });
});
