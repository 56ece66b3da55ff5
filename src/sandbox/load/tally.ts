/** What became of the requests of one kind in one phase. */
export interface Counts {
  sent: number;
  failed: number;
  /** Successes by the cluster that answered. */
  servedBy: Record<string, number>;
}

export interface Failure {
  kind: Kind;
  phase: string;
  /** `http://app.acme.example/`, `udp 127.1.2.3`. */
  target: string;
  reason: string;
  /** ISO 8601, when it was sent. */
  at: string;
}

export type Kind = "http" | "syslog";

export interface LoadResult {
  http: Record<string, Counts>;
  syslog: Record<string, Counts>;
  /** The first few, in the order in which they failed. */
  failures: Failure[];
  /** Seconds of the clock in which at least one request was sent that failed. */
  failingSeconds: number;
}

/** So many failures are kept with their reason: enough to see what's wrong. */
const FAILURES_KEPT = 20;

export interface Tally {
  /** Requests sent from now on count here. */
  phase(name: string): void;
  /** Counts one request, in the phase in which it was sent. Resolves when it's settled. `request` gives who answered. */
  count(kind: Kind, target: string, request: () => Promise<string>): Promise<void>;
  /** As it stands; requests under way count as sent. */
  result(): LoadResult;
}

/** @param now the time of day, for failures */
export function createTally(firstPhase: string, now: () => Date): Tally {
  let phase = firstPhase;
  const counts: Record<Kind, Map<string, Counts>> = { http: new Map(), syslog: new Map() };
  const failures: Failure[] = [];
  const failing = new Set<number>();
  const countsOf = (kind: Kind, name: string): Counts => {
    const known = counts[kind].get(name) ?? { sent: 0, failed: 0, servedBy: {} };
    counts[kind].set(name, known);
    return known;
  };
  return {
    phase: (name) => {
      phase = name;
    },
    count: async (kind, target, request) => {
      const sentAt = now();
      const failure = { kind, phase, target, at: sentAt.toISOString() };
      const mine = countsOf(kind, phase);
      mine.sent += 1;
      try {
        const cluster = await request();
        mine.servedBy[cluster] = (mine.servedBy[cluster] ?? 0) + 1;
      } catch (error) {
        mine.failed += 1;
        failing.add(Math.floor(sentAt.getTime() / 1000));
        const reason = error instanceof Error ? error.message : String(error);
        if (failures.length < FAILURES_KEPT) failures.push({ ...failure, reason });
      }
    },
    result: () =>
      structuredClone({
        http: Object.fromEntries(counts.http),
        syslog: Object.fromEntries(counts.syslog),
        failures,
        failingSeconds: failing.size,
      }),
  };
}
