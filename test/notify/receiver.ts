import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** Resolves once so many requests are there. */
  atLeast(count: number): Promise<void>;
}

/** What a webhook's server does with a request: a status, or anything. */
export type Behaviour = (received: Received, response: ServerResponse, number: number) => void;

export const answering =
  (...statuses: number[]): Behaviour =>
  (_received, response, number) =>
    void response.writeHead(statuses[Math.min(number, statuses.length - 1)] ?? 200).end("secret words of the server");

/** A real server on this machine that remembers what it was sent; it ends with the test. */
export async function receiver(behave: Behaviour = answering(200)): Promise<Receiver> {
  const received: Received[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const got = { path: request.url ?? "", headers: request.headers, body };
      received.push(got);
      for (const { done } of waiting.filter(({ count }) => received.length >= count)) done();
      behave(got, response, received.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    atLeast: (count) =>
      received.length >= count ? Promise.resolve() : new Promise((done) => waiting.push({ count, done })),
  };
}
