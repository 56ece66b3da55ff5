import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePorts } from "../../../src/sandbox/cluster/ports.js";
import { type Edge, startEdge } from "../../../src/sandbox/edge/edge.js";
import { eventually } from "../../harness/eventually.js";
import { FakeApi } from "./fake-api.js";
import { ingress, service, slice, tlsSecret } from "./objects.js";

const pem = (name: string) => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), "utf8");
const CERT = pem("test-cert");
const ADDRESS = "127.24.7.1";

let api: FakeApi;
let edge: Edge;

beforeAll(async () => {
  api = new FakeApi();
  edge = await startEdge({ cluster: "blue", address: ADDRESS, httpPort: 0, httpsPort: 0, fetch: api.fetch });
});
afterAll(() => edge.close());
beforeEach(() => {
  const tls = { tls: [{ hosts: ["app.acme.example"], secretName: "app-tls" }] };
  api.put(service("web"), ingress("app", "app.acme.example", [["/", "Prefix", "web"]], tls));
});

interface Answer {
  status: number | undefined;
  servedBy: unknown;
  body: unknown;
}

function get(host: string, path: string, ca?: string): Promise<Answer> {
  return new Promise((answered, failed) => {
    const options = { host: ADDRESS, path, headers: { host }, agent: false as const };
    const request = ca
      ? httpsRequest({ ...options, port: edge.httpsPort, servername: host, ca })
      : httpRequest({ ...options, port: edge.httpPort });
    request.on("error", failed).on("response", async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      const servedBy = response.headers["x-served-by"];
      answered({ status: response.statusCode, servedBy, body: JSON.parse(text) });
    });
    request.end();
  });
}

const statusOf = async (host: string) => (await get(host, "/")).status;

describe("an edge", () => {
  it("serves over HTTP exactly what the API says, at each moment", async () => {
    api.put(slice("web", [["web-1", false]]));
    await eventually("the route is known", async () => (await statusOf("app.acme.example")) === 503);
    api.put(slice("web", [["web-1", true]]));
    await eventually("an endpoint is ready", async () => (await statusOf("app.acme.example")) === 200);
    expect(await get("app.acme.example:80", "/orders?id=1")).toEqual({
      status: 200,
      servedBy: "blue",
      body: { cluster: "blue", namespace: "shop", service: "web", pod: "web-1" },
    });
    expect(await get("other.acme.example", "/")).toMatchObject({ status: 404, servedBy: "blue" });
    api.remove(slice("web", []));
    await eventually("it's gone", async () => (await statusOf("app.acme.example")) === 503);
  });

  it("goes round the ready Pods", async () => {
    api.put(
      slice("web", [
        ["web-1", true],
        ["web-2", true],
      ]),
    );
    const pod = async () => ((await get("app.acme.example", "/")).body as { pod?: string }).pod;
    await eventually("the second one serves", async () => (await pod()) === "web-2");
    expect([await pod(), await pod(), await pod()]).toEqual(["web-1", "web-2", "web-1"]);
  });

  it("speaks TLS with the certificate in the cluster's Secret, and fails the handshake without one", async () => {
    api.put(slice("web", [["web-1", true]]));
    await expect(get("app.acme.example", "/", CERT)).rejects.toThrow();
    api.put(tlsSecret("app-tls", CERT, pem("test-key")));
    await eventually("the certificate is there", () => edge.live.view.secrets.size === 1);
    expect(await get("app.acme.example", "/", CERT)).toMatchObject({ status: 200, servedBy: "blue" });
    await expect(get("other.acme.example", "/", CERT)).rejects.toThrow();
    api.remove(tlsSecret("app-tls", "", ""));
    await eventually("the certificate is gone", () => edge.live.view.secrets.size === 0);
    await expect(get("app.acme.example", "/", CERT)).rejects.toThrow();
  });

  it("opens a load-balanced Service's port while it has a ready endpoint", async () => {
    const [port = 0] = await freePorts(1);
    api.put(service("db", { type: "LoadBalancer", ports: [{ port }] }), slice("db", [["db-0", false]]));
    await eventually("the Service is known", () => edge.live.view.services.has("shop/db"));
    await expect(line(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    api.put(slice("db", [["db-0", true]]));
    await eventually("it's open", () => line(port).then(Boolean, () => false));
    expect(await line(port)).toBe("blue shop/db db-0\n");
    api.put(slice("db", [["db-0", false]]));
    await eventually("it's closed", () =>
      line(port).then(
        () => false,
        () => true,
      ),
    );
  });
});

describe("an edge whose API server isn't there", () => {
  it("starts, and answers 503", async () => {
    const nobody = new FakeApi();
    nobody.away = true;
    const blind = await startEdge({
      cluster: "green",
      address: ADDRESS,
      httpPort: 0,
      httpsPort: 0,
      fetch: nobody.fetch,
    });
    const response = await fetch(`http://${ADDRESS}:${blind.httpPort}/`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("ECONNREFUSED");
    expect(response.headers.get("x-served-by")).toBe("green");
    await blind.close();
  });

  it("fails to start, and leaves nothing open, where its port is taken", async () => {
    const options = { cluster: "green", address: ADDRESS, httpPort: 0, httpsPort: edge.httpsPort, fetch: api.fetch };
    const before = api.watchers();
    await expect(startEdge(options)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await eventually("only the first edge watches", () => api.watchers() === before);
  });
});

/** What a TCP connection to the edge gives before it ends. */
function line(port: number): Promise<string> {
  return new Promise((done, failed) => {
    let text = "";
    const socket = connect(port, ADDRESS);
    socket.on("data", (data) => {
      text += data.toString();
    });
    socket.on("error", failed).on("end", () => done(text));
  });
}
