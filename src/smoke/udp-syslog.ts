import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import { deadline, networkTrouble } from "../host/network.js";
import { type Checker, failed, type GroupNode, inconclusive, passed, type SmokeContext } from "./context.js";
import { tcpTrouble } from "./tcp.js";

/** A datagram may be lost: it is sent this often before the timeout. */
const sends = 3;

/**
 * One RFC 5424 message to each node of the group, and any answer to it. UDP alone can't tell a message that was taken from
 * one that nobody heard, so silence fails; the TCP port beside it is looked at to say more about a silence.
 */
export const udpSyslog: Checker<"udp-syslog"> = async ({ group, port }, context) => {
  const nodes = context.nodes[group] ?? [];
  if (nodes.length === 0) return inconclusive(`Green has no node of group ${group}: there is nobody to ask.`);
  const answers = await Promise.all(nodes.map(async (node) => ({ node, trouble: await ask(node, port, context) })));
  const silent = answers.filter(({ trouble }) => trouble !== undefined);
  if (silent.length === 0) return passed(`All ${nodes.length} nodes of ${group} answered on port ${port}.`);
  const each = silent.map(({ node, trouble }) => `${node.name} (${node.address}, ${node.zone}): ${trouble}`);
  return failed(
    `${silent.length} of ${nodes.length} nodes of ${group} gave no answer on port ${port}: ${each.join("; ")}.`,
  );
};

async function ask(node: GroupNode, port: number, context: SmokeContext): Promise<string | undefined> {
  const trouble = await udpTrouble(node, port, context);
  if (trouble === undefined) return undefined;
  const tcp = await tcpTrouble({ host: node.address, port }, context);
  return `${trouble} (TCP: ${tcp ?? "accepts connections"})`;
}

function udpTrouble(
  { address }: GroupNode,
  port: number,
  { timeoutMs, clock, signal }: SmokeContext,
): Promise<string | undefined> {
  const id = `smoke-${randomBytes(6).toString("hex")}`;
  return new Promise((done, stopped) => {
    const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
    const limit = deadline(timeoutMs, signal);
    const send = () => socket.send(syslogMessage(id, new Date(clock.now())));
    const again = setInterval(send, timeoutMs / sends);
    const end = (trouble: string | undefined) => {
      clearInterval(again);
      limit.removeEventListener("abort", onAbort);
      socket.close();
      if (signal?.aborted) stopped(signal.reason);
      else done(trouble);
    };
    const onAbort = () => end(`no answer within ${timeoutMs} ms`);
    limit.addEventListener("abort", onAbort, { once: true });
    socket.once("message", () => end(undefined));
    // A connected socket hears of an ICMP refusal, and takes answers of nobody else.
    socket.once("error", (error) => end(networkTrouble(error, timeoutMs)));
    socket.connect(port, address, send);
  });
}

/** Facility local0, severity informational. `id`: at most 32 printable characters, by which the answer can name it. */
export function syslogMessage(id: string, at: Date): string {
  return `<134>1 ${at.toISOString()} clustershift smoke - ${id} - Is anybody there? This is a test of the cluster; no action is needed.`;
}
