import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Socket, type Server as TcpServer } from "node:net";
import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  streamDecode,
  streamEncode,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import { answer, zoneFor } from "./answer.js";
import type { ZoneSource } from "./zones.js";

export interface DnsServerOptions {
  /** An address of loopback. */
  address: string;
  /** The same one for UDP and TCP; 0 takes a free one. */
  port: number;
  zones: ZoneSource;
  /** Uniform in [0, 1): picks from weighted records. */
  random: () => number;
}

export interface DnsServer {
  address: string;
  port: number;
  close(): Promise<void>;
}

const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };

/** Without EDNS an answer over UDP has at most 512 bytes (RFC 1035); longer ones are asked for again over TCP. */
const PLAIN_UDP_SIZE = 512;

/** An authoritative name server for the zones of `zones`. @throws the listen error, e.g. EADDRINUSE. */
export async function startDnsServer({ address, port, zones, random }: DnsServerOptions): Promise<DnsServer> {
  const reply = async (query: Packet): Promise<Packet> => {
    const question = query.questions?.[0];
    const flags = (query.flags ?? 0) & RECURSION_DESIRED;
    const base: Packet = { type: "response", id: query.id, questions: query.questions ?? [] };
    if (!question) return { ...base, flags: flags | RCODES.REFUSED };
    try {
      const zone = zoneFor(await zones(), question.name);
      if (!zone) return { ...base, flags: flags | RCODES.REFUSED };
      const { rcode, answers, authorities } = answer(zone, question, random);
      return { ...base, flags: flags | AUTHORITATIVE_ANSWER | RCODES[rcode], answers, authorities };
    } catch {
      return { ...base, flags: flags | RCODES.SERVFAIL };
    }
  };
  const { udp, tcp } = await bindBoth(address, port);
  udp.on("message", async (message, from) => {
    const query = attempt(() => decode(message));
    if (query?.type !== "query") return;
    const response = await reply(query);
    attempt(() => udp.send(fitting(response, udpSize(query)), from.port, from.address));
  });
  const connections = new Set<Socket>();
  tcp.on("connection", (socket) => {
    connections.add(socket);
    socket.on("error", () => undefined).on("close", () => connections.delete(socket));
    onFrames(socket, async (frame) => {
      const query = attempt(() => streamDecode(frame));
      if (query?.type !== "query") return void socket.destroy();
      socket.write(streamEncode(await reply(query)));
    });
  });
  return {
    address,
    port: udp.address().port,
    close: async () => {
      for (const socket of connections) socket.destroy();
      await Promise.all([new Promise<void>((done) => udp.close(done)), new Promise((done) => tcp.close(done))]);
    },
  };
}

function udpSize(query: Packet): number {
  const edns = query.additionals?.find((record) => record.type === "OPT");
  return Math.max(PLAIN_UDP_SIZE, edns?.type === "OPT" ? (edns.udpPayloadSize ?? 0) : 0);
}

function fitting(response: Packet, size: number): Buffer {
  const whole = encode(response);
  if (whole.length <= size) return whole;
  const flags = (response.flags ?? 0) | TRUNCATED_RESPONSE;
  return encode({ ...response, flags, answers: [], authorities: [] });
}

/** Calls `use` with each message of a TCP stream, its two bytes of length included. */
function onFrames(socket: Socket, use: (frame: Buffer) => Promise<void>): void {
  let rest = Buffer.alloc(0);
  socket.on("data", (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      void use(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
}

/** A port that was free for UDP may be taken for TCP: with port 0 another one is tried. */
async function bindBoth(address: string, port: number): Promise<{ udp: UdpSocket; tcp: TcpServer }> {
  for (let tries = 1; ; tries += 1) {
    const udp = createSocket(address.includes(":") ? "udp6" : "udp4");
    const tcp = createServer();
    try {
      await new Promise<void>((done, failed) => udp.once("error", failed).bind(port, address, done));
      await new Promise<void>((done, failed) => tcp.once("error", failed).listen(udp.address().port, address, done));
      return { udp, tcp };
    } catch (error) {
      udp.close();
      if (port !== 0 || tries === 10) throw error;
    }
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
