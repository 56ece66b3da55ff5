import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Effect, Fault } from "./faults.js";
import { type AwsRequest, identify } from "./identify.js";

/** A request as it was, once it is known what became of it. */
export interface Seen {
  request: AwsRequest;
  /** As sent, of services that say there what they want: Route 53's XML, the query protocol's parameters. */
  body: string;
  /** Whether the emulator did it, said no, or never saw it. */
  ending: "done" | "refused" | "unseen";
}

export interface AwsFront {
  /** For everybody who takes the emulator for AWS. */
  endpoint: string;
  /** For the sandbox's own readers: the same, without faults and counting. */
  internalEndpoint: string;
  /** Asked in order for each request; put in and taken out at will. */
  faults: Fault[];
  /** Told of each request, right when the emulator has answered and before the client knows; in the emulator's order. */
  observers: ((seen: Seen) => void)[];
  /** Requests so far by `service/action`, e.g. `ec2/AssociateAddress`. */
  counts(): Record<string, number>;
  close(): Promise<void>;
}

/**
 * A transparent proxy before the AWS emulator, which is faultless and so proves little.
 *
 * It also makes ChangeResourceRecordSets atomic, as Route 53's is: the emulator works through a batch change by change,
 * and a reader between two of them would see a name that has lost its old records and not yet got its new ones.
 *
 * `target`: the emulator, e.g. `http://127.0.0.1:5000`. `port`: of `endpoint`; 0 takes a free one.
 */
export async function startAwsFront({ target, port }: { target: string; port: number }): Promise<AwsFront> {
  const faults: Fault[] = [];
  const observers: AwsFront["observers"] = [];
  const counts = new Map<string, number>();
  const inTurn = createQueue();

  const serve = async (incoming: IncomingMessage, response: ServerResponse, withFaults: boolean): Promise<void> => {
    // These bodies are small, and say what is wanted; objects of S3 are streamed.
    const type = incoming.headers["content-type"] ?? "";
    const isSmall = type.startsWith("application/x-www-form-urlencoded") || (incoming.url ?? "").endsWith("/rrset");
    const body = isSmall ? await buffer(incoming) : incoming;
    const text = Buffer.isBuffer(body) ? body.toString() : "";
    const request = identify(incoming.method ?? "GET", incoming.url ?? "/", incoming.headers, text);
    const effect = (withFaults ? noted(request) : undefined) ?? correction(request);
    const tell = (ending: Seen["ending"]) => {
      if (withFaults) for (const observe of observers) observe({ request, body: text, ending });
    };
    const run = () => forward(new URL(target), incoming, body, response, effect, tell);
    await (isRecordSets(request) ? inTurn(run) : run());
  };
  const noted = (request: AwsRequest): Effect | undefined => {
    const key = `${request.service}/${request.action}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const fault of faults) {
      const effect = fault(request);
      if (effect) return effect;
    }
    return undefined;
  };
  const open = (withFaults: boolean) =>
    createServer((incoming, response) => {
      serve(incoming, response, withFaults).catch(() => response.destroy());
    });
  const outer = open(true);
  const inner = open(false);
  const endpoint = await listen(outer, port);
  const internalEndpoint = await listen(inner, 0);
  return {
    endpoint,
    internalEndpoint,
    faults,
    observers,
    counts: () => Object.fromEntries(counts),
    close: async () => {
      await Promise.all([outer, inner].map(shut));
    },
  };
}

/** Where the emulator answers otherwise than Route 53: to the deletion of a set that isn't there, and to a list without an end. */
function correction({ action }: AwsRequest): Effect | undefined {
  const corrections: Record<string, (body: string) => string> = {
    ChangeResourceRecordSets: (body) => body.replace(/InvalidInput(?=<.*Action=DELETE)/s, "InvalidChangeBatch"),
    ListHealthChecks: (body) =>
      body.includes("<IsTruncated>")
        ? body
        : body.replace("</ListHealthChecksResponse>", "<IsTruncated>false</IsTruncated>$&"),
  };
  const rewrite = corrections[action];
  return rewrite && { kind: "rewrite", rewrite };
}

function isRecordSets({ action }: AwsRequest): boolean {
  return action === "ChangeResourceRecordSets" || action === "ListResourceRecordSets";
}

async function forward(
  target: URL,
  incoming: IncomingMessage,
  body: Buffer | IncomingMessage,
  response: ServerResponse,
  effect: Effect | undefined,
  tell: (ending: Seen["ending"]) => void,
): Promise<void> {
  if (effect && "when" in effect && effect.when === "before") {
    tell("unseen");
    incoming.resume();
    disturb(effect, response);
    return;
  }
  if (effect?.kind === "slow") await delay(effect.ms);
  const answer = await send(target, incoming, body);
  tell((answer.statusCode ?? 502) < 300 ? "done" : "refused");
  if (!effect || effect.kind === "slow") {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
    return;
  }
  const answered = await buffer(answer);
  if (effect.kind !== "rewrite") {
    disturb(effect, response);
    return;
  }
  const { "content-length": _, "transfer-encoding": __, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, headers).end(effect.rewrite(answered.toString()));
}

/** What the client gets in place of the emulator's answer. */
function disturb(effect: Effect & { when: unknown }, response: ServerResponse): void {
  if (effect.kind === "answer") response.writeHead(effect.status, { "content-type": "text/xml" }).end(effect.body);
  // Of a request that hangs nothing is done at all: the client closes the connection when it gives up.
  else if (effect.kind === "cut") response.socket?.destroy();
}

function send(target: URL, incoming: IncomingMessage, body: Buffer | IncomingMessage): Promise<IncomingMessage> {
  const { expect: _, ...headers } = incoming.headers;
  return new Promise((answered, failed) => {
    const outgoing = httpRequest(
      { host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers, agent: false },
      answered,
    );
    outgoing.on("error", failed);
    if (Buffer.isBuffer(body)) {
      outgoing.end(body);
    } else {
      body.on("aborted", () => outgoing.destroy());
      body.pipe(outgoing);
    }
  });
}

/** Runs pieces of work one after another, in the order they came. */
function createQueue(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
