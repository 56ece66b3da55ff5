import { rm, writeFile } from "node:fs/promises";
import { connect, createServer, type NetConnectOpts } from "node:net";

/**
 * A process that hands connections on: `node forward.js READY FROM TO [FROM TO …]`, where each end is a port of 127.0.0.1 or the path of
 * a socket. Writes READY once it listens everywhere. A socket's path is one for all networks of a machine, so two of these
 * join a network to another one.
 */
const [ready = "", ...ends] = process.argv.slice(2);
const pairs: [from: string, to: string][] = [];
for (let at = 0; at + 1 < ends.length; at += 2) pairs.push([ends[at] ?? "", ends[at + 1] ?? ""]);

await Promise.all(
  pairs.map(async ([from, to]) => {
    if (from.startsWith("/")) await rm(from, { force: true });
    // Each piece goes on as it comes: held back for an acknowledgement, a small one costs 40 ms.
    const server = createServer({ noDelay: true }, (near) => {
      const far = connect(endOf(to));
      near.pipe(far).pipe(near);
      near.on("error", () => far.destroy());
      far.on("error", () => near.destroy());
    });
    await new Promise<void>((done, failed) => {
      server.once("error", failed);
      server.listen(endOf(from), done);
    });
  }),
);
await writeFile(ready, "");

function endOf(end: string): NetConnectOpts {
  return end.startsWith("/") ? { path: end } : { host: "127.0.0.1", port: Number(end), noDelay: true };
}
