import { createSocket } from "node:dgram";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** Listens on a free port of loopback until the test has ended. */
export async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => void server.close(() => done()));
  });
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createTcp();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => void server.close(() => done()));
  return port;
}

/** Answers each datagram with what `answer` gives; undefined stays silent. */
export async function udpServer(answer: (message: string) => string | undefined): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (message, { port, address }) => {
    const text = answer(message.toString());
    if (text !== undefined) socket.send(text, port, address);
  });
  await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
  onTestFinished(() => new Promise<void>((done) => void socket.close(() => done())));
  return socket.address().port;
}
