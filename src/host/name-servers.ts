import { promises } from "node:dns";

const { Resolver } = promises;

/** Somebody to ask, and who it is. */
export interface Asked {
  resolver: promises.Resolver;
  /** Address of the server, for people. */
  server: string;
}

/** Milliseconds for one answer. A name that is asked again and again needs no second try. */
const patience = { timeout: 1_000, tries: 1 };

export function isNameServer(address: string): boolean {
  try {
    nameServer(address);
    return true;
  } catch {
    return false;
  }
}

/** A name server by its address, `192.0.2.53`, `192.0.2.53:5353` or `[2001:db8::53]:5353`. @throws Error where it is none */
export function nameServer(address: string): Asked {
  const resolver = new Resolver(patience);
  resolver.setServers([address]);
  return { resolver, server: address };
}

/** The machine's own: it may keep an answer for its TTL. */
export function ownNameServer(): Asked {
  const resolver = new Resolver(patience);
  return { resolver, server: `${resolver.getServers()[0] ?? "none"} (this machine's)` };
}

/**
 * One of the name servers of a name's own zone: it keeps no answer, so that each query shows the weights anew. Found by the machine's
 * own name server; undefined where it doesn't tell.
 */
export async function zonesNameServer(name: string): Promise<Asked | undefined> {
  const { resolver } = ownNameServer();
  const labels = name.replace(/\.$/, "").split(".");
  for (let from = 0; from < labels.length - 1; from++) {
    const zone = labels.slice(from).join(".");
    const hosts = await resolver.resolveNs(zone).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENODATA" || error.code === "ENOTFOUND") return [];
      throw error;
    });
    const [host] = hosts;
    if (host === undefined) continue;
    const [address] = await resolver.resolve4(host);
    return address === undefined ? undefined : { ...nameServer(address), server: host };
  }
  return undefined;
}

/** What answers there were to so many queries of one name, and why others had none. */
export async function askOften(
  { resolver }: Asked,
  name: string,
  type: string,
  times: number,
): Promise<{ answers: string[][]; failed: Record<string, number> }> {
  const answers: string[][] = [];
  const failed: Record<string, number> = {};
  for (let query = 0; query < times; query++) {
    try {
      const found: unknown = await resolver.resolve(name, type);
      answers.push((Array.isArray(found) ? found : []).map(String));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "no answer";
      failed[code] = (failed[code] ?? 0) + 1;
      // Who doesn't answer now won't answer the next one sooner.
      if (code === "ETIMEOUT" || code === "ECONNREFUSED") break;
    }
  }
  return { answers, failed };
}
