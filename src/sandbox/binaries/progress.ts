import type { Estimate } from "./durations.js";
import type { Holder } from "./lock.js";

/** What happens while programs are made ready. `n` of `of` counts those that were not there yet. */
export type BinaryEvent =
  | { kind: "waiting"; what: string; holder: Holder }
  | { kind: "damaged"; what: string; path: string }
  | { kind: "downloading"; what: string; n: number; of: number; url: string }
  /** `from`: what it's made of, e.g. `Go modules`. `why`: why it isn't downloaded. */
  | {
      kind: "building";
      what: string;
      n: number;
      of: number;
      from: string;
      why?: string;
      estimate?: Estimate | undefined;
    }
  | { kind: "ready"; what: string; n: number; of: number; seconds: number };

export type OnBinaryEvent = (event: BinaryEvent) => void;

/** One line for people, without a line's end. */
export function describeBinaryEvent(event: BinaryEvent): string {
  switch (event.kind) {
    case "waiting":
      return `${event.what}: process ${event.holder.pid} has been at it since ${event.holder.since.toISOString()}; waiting for it`;
    case "damaged":
      return `${event.what}: ${event.path} is not what was put there; making it anew`;
    case "downloading":
      return `${event.what} (${event.n} of ${event.of}): downloading ${event.url}`;
    case "building":
      return `${event.what} (${event.n} of ${event.of}): building from ${event.from}${took(event.estimate)}${event.why ? `; ${event.why}` : ""}`;
    case "ready":
      return `${event.what} (${event.n} of ${event.of}): ready after ${Math.round(event.seconds)} s`;
  }
}

function took(estimate: Estimate | undefined): string {
  if (!estimate) return "";
  return estimate.measuredHere
    ? `, which took ${estimate.seconds} s the last time`
    : `, which took about ${estimate.seconds} s on a machine with two cores`;
}
