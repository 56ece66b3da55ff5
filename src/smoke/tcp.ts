import { connect } from "node:net";
import { deadline, networkTrouble } from "../host/network.js";
import { resolveAddress } from "./address.js";
import { type Checker, failed, passed } from "./context.js";

/** A connection is accepted. */
export const tcp: Checker<"tcp"> = async ({ address, port }, context) => {
  const host = resolveAddress(address, context);
  const trouble = await tcpTrouble({ host, port }, context);
  return trouble === undefined
    ? passed(`${host}:${port} accepts connections.`)
    : failed(`${host}:${port}: ${trouble}; expected a connection.`);
};

/** Why a connection can't be made; undefined where it can. */
export function tcpTrouble(
  { host, port }: { host: string; port: number },
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<string | undefined> {
  return new Promise((done, stopped) => {
    const limit = deadline(timeoutMs, signal);
    const socket = connect({ host, port });
    const onAbort = () => socket.destroy(limit.reason as Error);
    limit.addEventListener("abort", onAbort, { once: true });
    const end = (trouble: string | undefined) => {
      limit.removeEventListener("abort", onAbort);
      socket.destroy();
      done(trouble);
    };
    socket.once("connect", () => end(undefined));
    socket.once("error", (error) => {
      if (signal?.aborted) stopped(signal.reason);
      else end(networkTrouble(error, timeoutMs));
    });
  });
}
