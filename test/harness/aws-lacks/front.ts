import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createAws } from "../aws-api/client.js";
import { AwsError } from "../aws-api/read-answer.js";
import { type EndpointOf, standInForEks } from "./eks.js";
import type { EksState } from "./eks-state.js";
import { routerOf } from "./routes.js";

export interface AwsWithEks {
  /** For everybody who takes it for AWS. */
  endpoint: string;
  /** What the emulator doesn't know of EKS. */
  state: EksState;
  close(): Promise<void>;
}

/**
 * A front before the AWS emulator that stands in for what it lacks of EKS; every other request goes through.
 *
 * `target`: the emulator, e.g. `http://127.0.0.1:5000`.
 */
export async function startAwsWithEks({
  target,
  models,
  region,
  account,
  endpointOf,
}: {
  target: string;
  models: string;
  region: string;
  account: string;
  endpointOf: EndpointOf;
}): Promise<AwsWithEks> {
  const aws = createAws({ endpoint: target, region, models });
  const eks = standInForEks({ aws, models, region, account, endpointOf });
  const route = routerOf(models, "eks");

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!/\/eks\/aws4_request/.test(incoming.headers.authorization ?? "")) {
      forward(new URL(target), incoming, response);
      return;
    }
    const found = route(incoming.method ?? "GET", incoming.url ?? "/", await text(incoming));
    const end = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (!found) {
      end(404, { __type: "UnknownOperationException", message: `${incoming.method} ${incoming.url}` });
      return;
    }
    try {
      end(200, await eks.answer(found.operation, found.params));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      response.setHeader("x-amzn-errortype", error.code);
      end(error.status, { __type: error.code, message: error.message.slice(error.code.length + 2) });
    }
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(JSON.stringify({ __type: "InternalFailure", message: String(error) }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state: eks.state,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function forward(target: URL, incoming: IncomingMessage, response: ServerResponse): void {
  const { hostname, port } = target;
  const { method, url: path, headers } = incoming;
  const outgoing = httpRequest({ hostname, port, method, path, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.destroy());
  incoming.pipe(outgoing);
}
