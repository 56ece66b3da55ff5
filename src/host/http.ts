import { Agent, buildConnector, type Dispatcher } from "undici";

/** Bytes of a body that are looked at. */
const mostBody = 1024 * 1024;

export interface AgentOptions {
  /** IP address or name to connect to, whatever host a URL names; Host header, SNI and certificate check stay the URL's. */
  address?: string;
  timeoutMs: number;
  /** PEM certificates to trust in place of the system's. */
  ca?: string;
}

/** For one request or a few to the same place; the caller destroys it. */
export function agentTo({ address, timeoutMs, ca }: AgentOptions): Agent {
  const connect = buildConnector({ timeout: timeoutMs, ...(ca !== undefined && { ca }) });
  return new Agent({
    connect: (options, callback) =>
      connect(
        {
          ...options,
          ...(address !== undefined && { hostname: address, host: address }),
          // TLS is still with the URL's name; an IP address must not be sent as one.
          ...(options.protocol === "https:" && { servername: options.servername || options.hostname }),
        },
        callback,
      ),
  });
}

/** The first MiB of a body; `whole` says whether that was all of it. */
export async function readBody(body: Dispatcher.ResponseData["body"]): Promise<{ bytes: Buffer; whole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > mostBody) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, mostBody), whole: size <= mostBody };
}
