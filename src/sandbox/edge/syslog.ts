import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import type { ElasticIps } from "./elastic-ips.js";
import { type NamedView, nodeListening, type Protocol } from "./host-port.js";
import { closeServer, track } from "./sockets.js";
import { messageId, unframe } from "./syslog-message.js";

export interface SyslogOptions {
  addresses: ElasticIps;
  /** The clusters of this moment: green comes and blue goes. */
  clusters: () => NamedView[];
  /** Where each Elastic IP listens here: syslog's own port, 514, needs root. */
  port: number;
  /** The port that Pods listen on. */
  hostPort: number;
}

export interface Syslog {
  /** Addresses that are open for UDP and TCP. */
  listening(): string[];
  close(): Promise<void>;
}

/**
 * A TCP connection outlives a move of its address by this long, then it's closed: the new instance doesn't know it. What
 * was under way is answered, by the new instance. Milliseconds.
 */
const MOVED_CONNECTION_MS = 1000;

/**
 * Syslog on the Elastic IPs. Each message goes, as it comes, to the instance that has the address then, and is answered
 * `ack <MSGID> <cluster> <node>` if that instance's node has a ready Pod listening. Otherwise there's no answer over UDP,
 * and over TCP the connection is closed.
 */
export function startSyslog({ addresses, clusters, port, hostPort }: SyslogOptions): Syslog {
  const open = new Map<string, Address>();
  const acknowledge = (ip: string, protocol: Protocol, message: string): string | undefined => {
    const id = messageId(message);
    const instance = addresses.current().get(ip);
    if (!id || !instance) return undefined;
    const to = nodeListening(clusters(), instance, hostPort, protocol);
    return to && `ack ${id} ${to.cluster} ${to.node}`;
  };
  const reconcile = (): void => {
    const wanted = addresses.current();
    for (const [ip, address] of open) {
      if (wanted.has(ip)) address.moveTo(wanted.get(ip));
      else void address.close();
      if (!wanted.has(ip)) open.delete(ip);
    }
    for (const [ip, instance] of wanted) {
      if (!open.has(ip)) open.set(ip, openAddress(ip, port, instance, acknowledge));
    }
  };
  addresses.onChange(reconcile);
  reconcile();
  return {
    listening: () => [...open].filter(([, { ready }]) => ready()).map(([ip]) => ip),
    close: async () => {
      await addresses.close();
      await Promise.all([...open.values()].map((address) => address.close()));
    },
  };
}

interface Address {
  ready(): boolean;
  moveTo(instance: string | undefined): void;
  close(): Promise<void>;
}

type Acknowledge = (ip: string, protocol: Protocol, message: string) => string | undefined;

function openAddress(ip: string, port: number, instance: string | undefined, acknowledge: Acknowledge): Address {
  const connections = new Set<Socket>();
  const listening = new Set<UdpSocket | Server>();
  let current = instance;

  const udp = createSocket("udp4");
  udp.on("message", (message, from) => {
    const reply = acknowledge(ip, "UDP", message.toString());
    if (reply) udp.send(reply, from.port, from.address);
  });
  const tcp = track(
    createServer((socket) => {
      connections.add(socket);
      socket.on("close", () => connections.delete(socket));
      answerStream(socket, (message) => acknowledge(ip, "TCP", message));
    }),
  );
  // An address that can't be had (not on loopback, or taken) is one that nobody reaches: the others go on.
  for (const server of [udp, tcp]) {
    server.on("error", () => listening.delete(server));
    server.on("listening", () => listening.add(server));
  }
  udp.bind(port, ip);
  tcp.listen(port, ip);
  return {
    ready: () => listening.size === 2,
    moveTo: (next) => {
      if (next === current) return;
      current = next;
      const old = [...connections];
      setTimeout(() => {
        for (const socket of old) socket.end();
      }, MOVED_CONNECTION_MS).unref();
    },
    close: async () => {
      await Promise.all([new Promise<void>((done) => udp.close(done)), closeServer(tcp)]);
    },
  };
}

function answerStream(socket: Socket, acknowledge: (message: string) => string | undefined): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (data) => {
    const found = unframe(Buffer.concat([rest, data]));
    if (!found) return void socket.end();
    rest = found.rest;
    for (const message of found.messages) {
      const reply = acknowledge(message);
      if (!reply) return void socket.end();
      socket.write(`${reply}\n`);
    }
  });
}
