import type { Resolver } from "../dns/resolver.js";
import { createHttpClient, type HttpTarget, urlOf } from "./http-client.js";
import { createSyslogClient } from "./syslog-client.js";
import { createTally, type LoadResult } from "./tally.js";

export interface LoadTargets {
  http: HttpTarget[];
  syslog: { addresses: string[]; port: number };
  /** Requests and messages a second, each shared by its targets in turn. 0 for none. */
  rate: { http: number; syslog: number };
}

export interface LoadOptions extends LoadTargets {
  resolver: Resolver;
}

export interface Load {
  /** Requests sent from now on count under this name. */
  phase(name: string): void;
  counts(): LoadResult;
  /** Sends nothing more, and waits for what's under way. Again gives the same result. */
  stop(): Promise<LoadResult>;
}

/** The phase before anybody names one. */
const FIRST_PHASE = "start";

/**
 * Steady load by an even clock, however fast the answers come. A request is tried once: what fails is counted as failed.
 * Each syslog address gets UDP and TCP in turn.
 */
export async function startLoad({ resolver, http, syslog, rate }: LoadOptions): Promise<Load> {
  const tally = createTally(FIRST_PHASE, () => new Date());
  const underWay = new Set<Promise<void>>();
  const watched = (request: Promise<void>): void => {
    underWay.add(request);
    void request.then(() => underWay.delete(request));
  };
  const web = http.map((target) => ({ url: urlOf(target), client: createHttpClient(target, resolver) }));
  const log = await createSyslogClient(syslog.port);
  const senders = syslog.addresses.flatMap((address) => [
    { target: `udp ${address}`, send: () => log.overUdp(address) },
    { target: `tcp ${address}`, send: () => log.overTcp(address) },
  ]);
  const clocks = [
    inTurn(web, rate.http, ({ url, client }) => watched(tally.count("http", url, client.get))),
    inTurn(senders, rate.syslog, ({ target, send }) => watched(tally.count("syslog", target, send))),
  ];
  const finish = async (): Promise<LoadResult> => {
    for (const clock of clocks) clearInterval(clock);
    await Promise.all(underWay);
    for (const { client } of web) client.close();
    log.close();
    return tally.result();
  };
  let finished: Promise<LoadResult> | undefined;
  return {
    phase: tally.phase,
    counts: tally.result,
    stop: () => {
      finished ??= finish();
      return finished;
    },
  };
}

/** Calls `use` with one item after the other, `perSecond` times a second. */
function inTurn<T>(items: T[], perSecond: number, use: (item: T) => void): NodeJS.Timeout | undefined {
  if (items.length === 0 || perSecond === 0) return undefined;
  let turn = 0;
  return setInterval(() => {
    const item = items[turn++ % items.length];
    if (item !== undefined) use(item);
  }, 1000 / perSecond);
}
