import {
  cutConnection,
  type Effect,
  type Fault,
  pendingLooks,
  priorRequestNotComplete,
  serverError,
  slow,
  throttle,
  timeOut,
  type When,
} from "./faults.js";
import type { AwsRequest } from "./identify.js";

/** Faults as they come in life: any of them, at any request, more than one in a row. */
export interface RandomFaults {
  /** In [0, 1): a seeded one gives the same faults to the same requests. */
  random: () => number;
  /** Of a request to be disturbed, where none is under way. */
  probability: number;
  /** Told of each fault, by its name: `cut-after`. */
  onFault?: (name: string, request: AwsRequest) => void;
}

/** Longest row of the same refusal: one less than a client's tries, so that it can get through. */
const longestBurst = 6;
/** Looks at a change until it is INSYNC, at most. */
const mostLooks = 4;
const mostSlowMs = 5;

/** By name, each as it disturbs the next request of an action. */
const kinds: Record<string, (action: string, random: () => number) => Fault> = {
  throttled: (action, random) => throttle({ action, times: 1 + Math.floor(random() * longestBurst) }),
  "cut-before": aimed(cutConnection, "before"),
  "cut-after": aimed(cutConnection, "after"),
  "timed-out-before": aimed(timeOut, "before"),
  "timed-out-after": aimed(timeOut, "after"),
  "500-before": aimed((aim) => serverError({ ...aim, status: 500 }), "before"),
  "500-after": aimed((aim) => serverError({ ...aim, status: 500 }), "after"),
  "503-before": aimed((aim) => serverError({ ...aim, status: 503 }), "before"),
  "503-after": aimed((aim) => serverError({ ...aim, status: 503 }), "after"),
  slow: (action, random) => slow({ action, ms: random() * mostSlowMs, times: 1 }),
};

const busyZone = "prior-request-not-complete";

/** A fault that is another one each time. Changes stay PENDING for some looks besides, in `faults` of a front: put both in. */
export function randomFaults({ random, probability, onFault = () => {} }: RandomFaults): Fault[] {
  let underWay: { name: string; fault: Fault } | undefined;
  const disturb: Fault = (request) => {
    const goesOn = underWay?.fault(request);
    if (underWay && goesOn) return noted(underWay.name, request, goesOn);
    if (random() >= probability) return undefined;
    const names = [...Object.keys(kinds), ...(request.action === "ChangeResourceRecordSets" ? [busyZone] : [])];
    const name = names[Math.floor(random() * names.length)] ?? busyZone;
    const fault =
      kinds[name]?.(request.action, random) ??
      priorRequestNotComplete({ times: 1 + Math.floor(random() * longestBurst) });
    underWay = { name, fault };
    const effect = fault(request);
    return effect && noted(name, request, effect);
  };
  const noted = (name: string, request: AwsRequest, effect: Effect): Effect => {
    onFault(name, request);
    return effect;
  };
  return [disturb, pendingLooks(() => Math.floor(random() * (mostLooks + 1)))];
}

function aimed(make: (aim: { action: string; when: When; times: number }) => Fault, when: When) {
  return (action: string) => make({ action, when, times: 1 });
}
