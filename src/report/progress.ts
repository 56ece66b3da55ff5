import type { Writable } from "node:stream";
import { formatDuration } from "../model/duration.js";

export interface Tick {
  done: number;
  /** Absent where the total isn't known. */
  total?: number;
  unit: string;
  /** Milliseconds that are left, where they are known better than by the rate. */
  leftMs?: number;
  /** What is being done. */
  at?: string;
}

/** What a person sees while a command works: one line that is redrawn on a terminal, plain lines when piped. */
export interface Progress {
  /** Something worth a line of its own. */
  line(text: string): void;
  /** A warning: shown even with --log-level quiet. */
  warn(text: string): void;
  debug(text: string): void;
  /** How far the work of this name is; redrawn at most ten times a second, or printed every ten seconds when piped. */
  tick(name: string, tick: Tick): void;
  /** Ends the line that ticks redraw. */
  end(): void;
}

const minGapMs = { terminal: 100, piped: 10_000 };

export function createProgress(
  out: Writable,
  options: { terminal: boolean; level: "quiet" | "info" | "debug"; now: () => Date },
): Progress {
  const { terminal, level, now } = options;
  let open = false;
  const started = new Map<string, number>();
  const shown = new Map<string, number>();

  const clear = (): void => {
    if (open) out.write("\r\x1b[2K");
    open = false;
  };
  const print = (text: string): void => {
    clear();
    out.write(`${text}\n`);
  };
  return {
    line: (text) => level !== "quiet" && print(text),
    warn: (text) => print(`warning: ${text}`),
    debug: (text) => level === "debug" && print(`debug: ${text}`),
    tick(name, tick) {
      if (level === "quiet") return;
      const at = now().getTime();
      const first = started.get(name) ?? at;
      started.set(name, first);
      const finished = tick.total !== undefined && tick.done >= tick.total;
      if (
        !finished &&
        at - (shown.get(name) ?? (terminal ? 0 : first)) < (terminal ? minGapMs.terminal : minGapMs.piped)
      )
        return;
      shown.set(name, at);
      const text = describeTick(name, tick, at - first);
      if (terminal && !finished) {
        clear();
        out.write(text);
        open = true;
      } else {
        print(text);
      }
    },
    end: clear,
  };
}

/** `replay: 312 of 403 objects, 240/s, 1s left`; `up: 12 of 41 resources, about 7m 10s left, at prod (EKS) for 3m 02s` */
export function describeTick(name: string, { done, total, unit, leftMs, at }: Tick, elapsedMs: number): string {
  const rate = leftMs === undefined && elapsedMs > 500 ? done / (elapsedMs / 1000) : 0;
  const parts = [`${name}: ${done}${total === undefined ? "" : ` of ${total}`} ${unit}`];
  if (rate > 0) parts.push(`${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`);
  if (rate > 0 && total !== undefined && done < total)
    parts.push(`${formatDuration(((total - done) / rate) * 1000)} left`);
  if (leftMs !== undefined && done !== total) parts.push(`about ${formatDuration(leftMs)} left`);
  if (at) parts.push(at);
  return parts.join(", ");
}
