import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { deadline } from "./deadline.js";

export interface SyslogClient {
  /** Sends one message and waits for its acknowledgement. Gives the cluster. @throws Error if there is none. */
  overUdp(address: string): Promise<string>;
  /** On a connection of its own; odd and even messages use the two framings of RFC 6587 in turn. */
  overTcp(address: string): Promise<string>;
  close(): void;
}

/** Not acknowledged within this counts as lost: UDP is never sent again. Milliseconds. */
const ACK_WITHIN_MS = 2000;

/** A sender of RFC 5424 messages to addresses of loopback. */
export async function createSyslogClient(port: number): Promise<SyslogClient> {
  const waiting = new Map<string, (cluster: string) => void>();
  let messages = 0;
  const compose = () => {
    const id = `m${++messages}`;
    return { id, text: `<134>1 ${new Date().toISOString()} load clustershift - ${id} - message ${messages}` };
  };
  const udp = createSocket("udp4");
  udp.on("message", (message) => {
    const { id, cluster } = parseAck(message.toString());
    waiting.get(id)?.(cluster);
  });
  await new Promise<void>((done, failed) => udp.once("error", failed).bind(0, done));
  // An unreachable address shows as a missing acknowledgement.
  udp.on("error", () => undefined);
  return {
    overUdp: (address) => {
      const { id, text } = compose();
      let clear = () => {};
      return new Promise<string>((acknowledged, failed) => {
        waiting.set(id, acknowledged);
        clear = deadline(ACK_WITHIN_MS, () => failed(new Error(`no ack within ${ACK_WITHIN_MS} ms`)));
        udp.send(text, port, address, (error) => error && failed(error));
      }).finally(() => {
        clear();
        waiting.delete(id);
      });
    },
    overTcp: (address) => {
      const { id, text } = compose();
      return sendOverTcp(address, port, id, messages % 2 === 0 ? `${text}\n` : `${Buffer.byteLength(text)} ${text}`);
    },
    close: () => udp.close(),
  };
}

function sendOverTcp(address: string, port: number, id: string, frame: string): Promise<string> {
  const socket = connect(port, address);
  let clear = () => {};
  return new Promise<string>((acknowledged, failed) => {
    clear = deadline(ACK_WITHIN_MS, () => failed(new Error(`no ack within ${ACK_WITHIN_MS} ms`)));
    let received = "";
    socket.on("data", (data) => {
      received += data.toString();
      if (!received.endsWith("\n")) return;
      const ack = parseAck(received);
      if (ack.id === id) acknowledged(ack.cluster);
      else failed(new Error(`not an ack of ${id}: ${received.trim()}`));
    });
    socket.on("error", failed).on("close", () => failed(new Error("closed without an ack")));
    socket.write(frame);
  }).finally(() => {
    clear();
    socket.destroy();
  });
}

/** `ack <id> <cluster> <node>` */
function parseAck(text: string): { id: string; cluster: string } {
  const [word, id = "", cluster = ""] = text.trim().split(" ");
  return word === "ack" ? { id, cluster } : { id: "", cluster: "" };
}
