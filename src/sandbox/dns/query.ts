import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import {
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  streamDecode,
  streamEncode,
} from "dns-packet";

/** Which name server, and how long it may take. */
export interface NameServer {
  server: string;
  port: number;
  /** Of one try over UDP, and of the whole exchange over TCP. Milliseconds. */
  timeoutMs: number;
}

/** A stub resolver asks again once, as resolv.conf's default does. */
const ATTEMPTS = 2;

/** One DNS query: over UDP, and over TCP where the answer was truncated. @throws Error on a timeout or a socket's error. */
export async function query(to: NameServer, name: string, type: "A" | "AAAA" | "CNAME" | "TXT" | "MX" | "NS" | "SOA") {
  const id = Math.floor(Math.random() * 65536);
  const packet: Packet = { type: "query", id, flags: RECURSION_DESIRED, questions: [{ type, name }] };
  for (let tries = 1; ; tries += 1) {
    try {
      const reply = await overUdp(to, packet);
      return reply.flag_tc ? await overTcp(to, packet) : reply;
    } catch (error) {
      if (tries === ATTEMPTS) throw error;
      await delay(10);
    }
  }
}

function overUdp({ server, port, timeoutMs }: NameServer, packet: Packet): Promise<DecodedPacket> {
  const socket = createSocket(server.includes(":") ? "udp6" : "udp4");
  return new Promise<DecodedPacket>((answered, failed) => {
    const timer = setTimeout(() => failed(timeout(server, port)), timeoutMs);
    socket.on("error", failed);
    // Connected: datagrams of others don't get in, and a closed port shows at once.
    socket.connect(port, server, () => socket.send(encode(packet)));
    socket.on("message", (message) => {
      try {
        const reply = decode(message);
        if (reply.id === packet.id) answered(reply);
      } catch (error) {
        failed(error);
      }
    });
    socket.on("close", () => clearTimeout(timer));
  }).finally(() => socket.close());
}

function overTcp({ server, port, timeoutMs }: NameServer, packet: Packet): Promise<DecodedPacket> {
  const socket = connect(port, server);
  return new Promise<DecodedPacket>((answered, failed) => {
    let received = Buffer.alloc(0);
    socket.setTimeout(timeoutMs, () => failed(timeout(server, port)));
    socket.on("error", failed).on("close", () => failed(new Error(`${server}:${port} closed the connection`)));
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0))
        answered(streamDecode(received) as DecodedPacket);
    });
    socket.write(streamEncode(packet));
  }).finally(() => socket.destroy());
}

function timeout(server: string, port: number): Error {
  return new Error(`no answer from the name server ${server}:${port}`);
}
