import type { Server, Socket } from "node:net";

const connections = new WeakMap<Server, Set<Socket>>();

/** Remembers a server's connections, so that `closeServer` can end them: a client must not be able to hold it open. */
export function track(server: Server): Server {
  const open = new Set<Socket>();
  connections.set(server, open);
  return server.on("connection", (socket) => {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
  });
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    for (const socket of connections.get(server) ?? []) socket.destroy();
  });
}
