import type { Clock } from "../model/clock.js";
import type { Notice } from "./notice.js";
import type { Sink } from "./sinks/sink.js";

export interface OutboxEdges {
  clock: Clock;
  /** 0 to 1. */
  random(): number;
  /** A notice is through with a sink: it has it, or won't get it. */
  onSettled?(sink: Sink, notice: Notice, delivered: boolean): void;
  /** Said once for each sink, when it first refuses. */
  onTrouble(sink: Sink, why: string): void;
}

/** What one sink didn't get. */
export interface Undelivered {
  sink: string;
  notices: Notice[];
  /** The last of its refusals. */
  why: string;
}

const tries = 5;
/** Milliseconds before the second try; doubled for each further one. */
const firstPause = 1_000;
/** Milliseconds: who asks for a longer pause than this gets this one. */
const longestPause = 60_000;
/** Notices that may wait for one sink. */
const mostWaiting = 100;

/**
 * Delivers notices beside whatever else goes on: `send` returns at once and never throws, each sink gets its notices in order, and a
 * sink that hangs holds up no other.
 */
export class Outbox {
  readonly #lanes: Lane[];
  readonly #clock: Clock;
  readonly #stop = new AbortController();

  constructor(sinks: readonly Sink[], edges: OutboxEdges) {
    this.#clock = edges.clock;
    this.#lanes = sinks.map((sink) => new Lane(sink, edges, this.#stop.signal));
  }

  send(notice: Notice, only?: (sink: Sink) => boolean): void {
    for (const lane of this.#lanes) {
      if (lane.sink.events.has(notice.kind) && (only?.(lane.sink) ?? true)) lane.add(notice);
    }
  }

  /** Waits until everything is through, but no longer than `ms`; then gives up, and says what was left undone. */
  async drain(ms: number): Promise<Undelivered[]> {
    const timer = new AbortController();
    const idle = Promise.all(this.#lanes.map((lane) => lane.idle()));
    const late = this.#clock.sleep(ms, timer.signal).catch(() => undefined);
    await Promise.race([idle, late]);
    timer.abort();
    this.#stop.abort();
    await idle;
    return this.#lanes.flatMap((lane) => lane.undelivered());
  }
}

/** One sink's notices, in order. */
class Lane {
  readonly sink: Sink;
  readonly #edges: OutboxEdges;
  readonly #stop: AbortSignal;
  readonly #waiting: Notice[] = [];
  readonly #lost: Notice[] = [];
  #working: Promise<void> | undefined;
  #why: string | undefined;

  constructor(sink: Sink, edges: OutboxEdges, stop: AbortSignal) {
    this.sink = sink;
    this.#edges = edges;
    this.#stop = stop;
  }

  add(notice: Notice): void {
    this.#waiting.push(notice);
    // The newest says most about how things are: the oldest that is not on its way gives up its place.
    if (this.#waiting.length > mostWaiting) this.#lose(this.#waiting.splice(1, 1));
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async idle(): Promise<void> {
    await this.#working;
  }

  undelivered(): Undelivered[] {
    const notices = [...this.#lost, ...this.#waiting].sort((a, b) => a.seq - b.seq);
    if (notices.length === 0) return [];
    return [{ sink: this.sink.name, notices, why: this.#why ?? "there was no time left" }];
  }

  async #work(): Promise<void> {
    for (;;) {
      const [notice] = this.#waiting;
      if (!notice || this.#stop.aborted) return;
      const delivered = await this.#deliver(notice);
      // Given up for want of time it may still be sent by the next command: it stays where it is.
      if (!delivered && this.#stop.aborted) return;
      this.#waiting.shift();
      if (delivered) this.#edges.onSettled?.(this.sink, notice, true);
      else this.#lose([notice]);
    }
  }

  async #deliver(notice: Notice): Promise<boolean> {
    const { clock, random } = this.#edges;
    for (let attempt = 1; ; attempt++) {
      const result = await this.sink.deliver(notice, this.#stop);
      if (result.outcome === "delivered") return true;
      if (this.#stop.aborted) return false;
      if (this.#why === undefined) this.#edges.onTrouble(this.sink, result.why);
      this.#why = result.why;
      if (!result.again || attempt === tries) return false;
      const pause = Math.max(firstPause * 2 ** (attempt - 1) * (0.5 + random() / 2), result.afterMs ?? 0);
      await clock.sleep(Math.min(pause, longestPause), this.#stop).catch(() => undefined);
      if (this.#stop.aborted) return false;
    }
  }

  #lose(notices: readonly Notice[]): void {
    this.#lost.push(...notices);
    for (const notice of notices) this.#edges.onSettled?.(this.sink, notice, false);
  }
}
