// Loading it takes seconds on a busy machine; here they count for no single test.
import "@kubernetes/client-node";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { stringify } from "yaml";
import type { KubeWriter } from "../../src/kube/api.js";
import { connect } from "../../src/kube/connect.js";
import type { Tuning } from "../../src/kube/transport.js";

/** One answer of the script. `reset` cuts the connection without a word, `truncate` in the middle of the body. */
export type Answer =
  | { status?: number; body?: unknown; text?: string; headers?: Record<string, string> }
  | { reset: true }
  | { truncate: unknown }
  | { handle: (request: IncomingMessage, response: ServerResponse) => void };

export interface FakeServer {
  url: string;
  port: number;
  /** `GET /api/v1/pods?limit=500`, in the order in which they came. */
  requests: string[];
  headers: IncomingMessage["headers"][];
}

/** A loopback server that gives these answers in turn and the last one for ever: it injects what real servers rarely do. */
export async function fakeServer(...script: [Answer, ...Answer[]]): Promise<FakeServer> {
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    const answer = script[Math.min(requests.length, script.length - 1)] ?? { status: 500 };
    requests.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    request.resume().on("end", () => give(answer, request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, requests, headers };
}

function give(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if ("reset" in answer) {
    request.socket.resetAndDestroy();
    return;
  }
  if ("handle" in answer) {
    answer.handle(request, response);
    return;
  }
  if ("truncate" in answer) {
    const text = JSON.stringify(answer.truncate);
    response.writeHead(200, { "content-length": text.length });
    response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
    return;
  }
  response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
  response.end(answer.text ?? JSON.stringify(answer.body ?? {}));
}

export function status(code: number, reason: string, message = reason): Answer {
  return { status: code, body: { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message } };
}

/** A temporary folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A kubeconfig of one context, `fake`. */
export async function kubeconfigFor(url: string, user: object = {}, cluster: object = {}): Promise<string> {
  const file = join(await temporaryFolder(), "kubeconfig");
  await writeFile(
    file,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: url, "insecure-skip-tls-verify": true, ...cluster } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "fake", context: { cluster: "c", user: "u" } }],
    }),
  );
  return file;
}

/** Waits are short, so that tests are; the order of things is the same. */
const quick: Partial<Tuning> = { attempts: 3, firstWaitMs: 2 };

export async function connectTo(url: string, user: object = {}, tuning: Partial<Tuning> = {}): Promise<KubeWriter> {
  const kubeconfig = await kubeconfigFor(url, user);
  const kube = await connect({ kubeconfig, context: "fake", env: {}, tuning: { ...quick, ...tuning } });
  onTestFinished(() => kube.close());
  return kube;
}

/** All of it, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
