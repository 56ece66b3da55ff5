import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTransport, type Method, waitMs } from "../../src/kube/transport.js";
import { type Answer, connectTo, fakeServer, status, temporaryFolder } from "./fake-server.js";
import { configMap, configMaps } from "./server.js";

const object = configMap("shop", "settings");
const found: Answer = { body: object };
const failures: Record<string, Answer> = {
  "a reset connection": { reset: true },
  "a body cut short": { truncate: object },
  "429": { ...status(429, "TooManyRequests"), headers: { "retry-after": "0" } },
  "500": status(500, "InternalError"),
  "503": status(503, "ServiceUnavailable"),
  "an answer that isn't JSON": { text: "<html>" },
};

describe("what is repeated", () => {
  it.each(Object.keys(failures))("a read after %s", async (name) => {
    const server = await fakeServer(failures[name] as Answer, found);
    const kube = await connectTo(server.url);
    expect(await kube.get(configMaps, "settings", "shop")).toEqual(object);
    expect(server.requests).toHaveLength(2);
  });

  it("a create after 429, which is before any effect", async () => {
    const server = await fakeServer(failures["429"] as Answer, { status: 201, body: object });
    const kube = await connectTo(server.url);
    expect(await kube.create(configMaps, object)).toEqual(object);
  });

  it.each(["a reset connection", "a body cut short", "500", "503"])("no create after %s", async (name) => {
    const server = await fakeServer(failures[name] as Answer, { status: 201, body: object });
    const kube = await connectTo(server.url);
    await expect(kube.create(configMaps, object)).rejects.toThrow();
    expect(server.requests).toHaveLength(1);
  });

  it("an apply after a reset connection, since twice is once", async () => {
    const server = await fakeServer({ reset: true }, found);
    const kube = await connectTo(server.url);
    await kube.apply(configMaps, object, { force: true });
    expect(server.requests).toEqual(
      Array(2).fill("PATCH /api/v1/namespaces/shop/configmaps/settings?fieldManager=clustershift&force=true"),
    );
  });

  it("nothing beyond the number of attempts, and then the server's own words are thrown", async () => {
    const server = await fakeServer(status(503, "ServiceUnavailable", "etcd is away"));
    const kube = await connectTo(server.url);
    await expect(kube.get(configMaps, "x", "shop")).rejects.toMatchObject({ status: 503, message: "etcd is away" });
    expect(server.requests).toHaveLength(3);
  });

  it("no refusal: 403, 409 and 422 are answers", async () => {
    for (const code of [403, 409, 422]) {
      const server = await fakeServer(status(code, "No", "because"));
      const kube = await connectTo(server.url);
      await expect(kube.get(configMaps, "x", "shop")).rejects.toMatchObject({
        status: code,
        reason: "No",
        message: "because",
      });
      expect(server.requests).toHaveLength(1);
    }
  });

  it("an answer that falls silent in the middle counts as broken", async () => {
    const server = await fakeServer({ handle: (_, response) => void response.writeHead(200).write("{") }, found);
    const kube = await connectTo(server.url, {}, { silenceTimeoutMs: 50 });
    expect(await kube.get(configMaps, "settings", "shop")).toEqual(object);
  });
});

describe("waiting", () => {
  it("doubles, and the server's Retry-After goes first", () => {
    for (let i = 0; i < 100; i++) {
      expect(waitMs(1, 250)).toBeGreaterThanOrEqual(125);
      expect(waitMs(1, 250)).toBeLessThanOrEqual(250);
      expect(waitMs(4, 250)).toBeGreaterThanOrEqual(1000);
      expect(waitMs(40, 250)).toBeLessThanOrEqual(30_000);
    }
    expect(waitMs(1, 250, "3")).toBe(3000);
    expect(waitMs(1, 250, "86400")).toBe(30_000);
    expect(waitMs(1, 250, "Wed, 21 Oct 2026 07:28:00 GMT")).toBeLessThanOrEqual(250);
  });
});

describe("a connection that only reads", () => {
  it.each<Method>(["POST", "PUT", "PATCH", "DELETE"])("sends no %s", async (method) => {
    const server = await fakeServer(found);
    const access = {
      name: "blue",
      server: server.url,
      credentials: async () => ({ rejectUnauthorized: true, headers: {} }),
    };
    const transport = createTransport(access, ["GET"]);
    await expect(transport.call({ method, path: "/api" })).rejects.toThrow(
      `This connection to blue only reads: ${method} /api`,
    );
    await expect(transport.stream({ method, path: "/api" })).rejects.toThrow("only reads");
    expect(server.requests).toEqual([]);
    await transport.close();
  });
});

describe("credentials", () => {
  it("are asked for anew after a 401, once for many calls", async () => {
    const { command, runs } = await countingPlugin();
    const server = await fakeServer({
      handle: (request, response) => {
        const fresh = request.headers.authorization === "Bearer token-2";
        response
          .writeHead(fresh ? 200 : 401)
          .end(JSON.stringify(fresh ? object : { kind: "Status", message: "expired" }));
      },
    });
    const kube = await connectTo(server.url, {
      exec: { apiVersion: "client.authentication.k8s.io/v1", command, args: [], interactiveMode: "Never" },
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => kube.get(configMaps, "settings", "shop")));
    expect(answers).toEqual(Array(20).fill(object));
    expect(await runs()).toBe(2);
  });

  it("that the server refuses twice are the user's to mend", async () => {
    const server = await fakeServer(status(401, "Unauthorized", "token has expired"));
    const kube = await connectTo(server.url, { token: "old" });
    await expect(kube.info()).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringMatching(/context fake: http:\/\/127.* refuses the credentials \(401\): token has expired/),
      fix: expect.stringContaining("kubectl --context fake"),
    });
  });

  it("whose command fails name the command and its words", async () => {
    const server = await fakeServer(found);
    const kube = await connectTo(server.url, {
      exec: { command: "sh", args: ["-c", "echo log in first >&2; exit 1"] },
    });
    await expect(kube.info()).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringMatching(/the credential command sh failed: log in first$/),
    });
    expect(server.requests).toEqual([]);
  });

  it("of the kubeconfig's tokenFile and password are sent", async () => {
    const token = join(await temporaryFolder(), "token");
    await writeFile(token, "abc\n");
    const server = await fakeServer(found);
    await (await connectTo(server.url, { tokenFile: token })).get(configMaps, "settings", "shop");
    await (await connectTo(server.url, { username: "ann", password: "pw" })).get(configMaps, "settings", "shop");
    expect(server.headers.map(({ authorization }) => authorization)).toEqual(["Bearer abc", `Basic ${btoa("ann:pw")}`]);
  });
});

describe("a server that can't be reached", () => {
  it("is named with the context and what to check", async () => {
    const { url } = await closedPort();
    const kube = await connectTo(url);
    await expect(kube.create(configMaps, object)).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringContaining(`context fake: ${url} can't be reached`),
      fix: expect.stringContaining("Check that the API server runs, and the port"),
    });
  });

  it("may be no API server at all", async () => {
    const server = await fakeServer({ text: "<html>Please log in</html>" });
    const kube = await connectTo(server.url);
    await expect(kube.info()).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringContaining("isn't JSON: <html>Please log in"),
    });
  });
});

it("keeps the path of a server behind a proxy's prefix, and encodes queries", async () => {
  const server = await fakeServer({ body: { metadata: {}, items: [] } });
  const kube = await connectTo(`${server.url}/k8s/clusters/c-1/`);
  for await (const _ of kube.pages(configMaps, { labelSelector: "a in (b,ü)" }));
  expect(server.requests).toEqual([
    "GET /k8s/clusters/c-1/api/v1/configmaps?limit=500&labelSelector=a+in+%28b%2C%C3%BC%29",
  ]);
});

it("stops at once by its signal", async () => {
  const server = await fakeServer({ handle: () => undefined });
  const kube = await connectTo(server.url);
  const stop = new AbortController();
  const creating = kube.create(configMaps, object, { signal: stop.signal });
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  await expect(creating).rejects.toThrow("aborted");
});

/** Gives token-1, token-2, … and counts its runs. */
async function countingPlugin() {
  const folder = await temporaryFolder();
  const command = join(folder, "plugin");
  const log = join(folder, "log");
  const answer = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"token-%s","expirationTimestamp":"2999-01-01T00:00:00Z"}}`;
  await writeFile(command, `#!/bin/sh\necho run >> "${log}"\nprintf '${answer}' "$(grep -c run "${log}")"\n`, {
    mode: 0o755,
  });
  return { command, runs: async () => (await readFile(log, "utf8")).trim().split("\n").length };
}

async function closedPort() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}` };
}
