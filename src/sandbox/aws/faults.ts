import type { AwsRequest } from "./identify.js";

/** Before the emulator sees a request, or after it has done it and before anybody is told. */
export type When = "before" | "after";

/** What a fault does to one request. */
export type Effect =
  /** Answered here: in place of the emulator, or after it has done it and answered something else. */
  | { kind: "answer"; when: When; status: number; body: string }
  /** The connection is cut. */
  | { kind: "cut"; when: When }
  /** Nobody answers, until the client gives up. */
  | { kind: "hang"; when: When }
  /** All goes well, so many milliseconds later. */
  | { kind: "slow"; ms: number }
  /** The emulator's answer is changed on its way back. */
  | { kind: "rewrite"; rewrite: (body: string) => string };

/** Asked for each request in turn; undefined leaves the request alone. The first fault with an effect has it. */
export type Fault = (request: AwsRequest) => Effect | undefined;

/** AWS says "slow down" to the next `times` requests of `action`. */
export function throttle({ action, times }: { action: string; times: number }): Fault {
  return next(times, action, ({ service }) =>
    service === "ec2"
      ? {
          kind: "answer",
          when: "before",
          status: 503,
          body: ec2Error("RequestLimitExceeded", "Request limit exceeded."),
        }
      : { kind: "answer", when: "before", status: 400, body: restError("Throttling", "Rate exceeded") },
  );
}

/** Route 53 is still busy with an earlier change of the zone, for the next `times` changes. */
export function priorRequestNotComplete({ times }: { times: number }): Fault {
  const message = "The request was rejected because Route 53 was still processing a prior request.";
  return next(times, "ChangeResourceRecordSets", () => ({
    kind: "answer",
    when: "before",
    status: 400,
    body: restError("PriorRequestNotComplete", message),
  }));
}

/** Which requests, and on which side of the emulator. */
export interface Aim {
  action: string;
  when: When;
  times: number;
}

/** Cuts the connection of the next `times` requests of `action`; `after`: AWS has done it, and nobody is told. */
export function cutConnection({ action, when, times }: Aim): Fault {
  return next(times, action, () => ({ kind: "cut", when }));
}

/** The next `times` requests of `action` are never answered; `after`: AWS has done what they ask. */
export function timeOut({ action, when, times }: Aim): Fault {
  return next(times, action, () => ({ kind: "hang", when }));
}

/** AWS has trouble of its own; `after`: it has done what was asked all the same. */
export function serverError({ action, when, times, status }: Aim & { status: 500 | 503 }): Fault {
  const [code, message] =
    status === 500 ? ["InternalFailure", "An internal error occurred."] : ["ServiceUnavailable", "Try again later."];
  return next(times, action, ({ service }) => ({
    kind: "answer",
    when,
    status,
    body: service === "ec2" ? ec2Error(code, message) : restError(code, message),
  }));
}

/** The next `times` requests of `action` take `ms` milliseconds longer. */
export function slow({ action, ms, times }: { action: string; ms: number; times: number }): Fault {
  return next(times, action, () => ({ kind: "slow", ms }));
}

/**
 * Each change of Route 53 stays PENDING for `ms` milliseconds. The records themselves change at once.
 * @param now milliseconds, of any clock that only goes forward
 */
export function pendingChanges(ms: number, now: () => number): Fault {
  return pending(() => {
    const until = now() + ms;
    return () => now() < until;
  });
}

/** Each change stays PENDING for so many looks at it: what `looks` gives when it is made. */
export function pendingLooks(looks: () => number): Fault {
  return pending(() => {
    let left = looks();
    return () => left-- > 0;
  });
}

/**
 * The emulator gives all changes one id, so this gives each its own.
 * @param submitted called once a change is done; what it returns is asked at each look whether that change is PENDING
 */
function pending(submitted: () => () => boolean): Fault {
  const changes = new Map<string, () => boolean>();
  let last = 0;
  return ({ action, path }) => {
    if (action === "ChangeResourceRecordSets") {
      const id = `CSANDBOX${String(++last).padStart(6, "0")}`;
      return {
        kind: "rewrite",
        rewrite: (body) => {
          if (!body.includes("<ChangeInfo>")) return body;
          changes.set(id, submitted());
          return asPending(body).replace(/<Id>[^<]*<\/Id>/, `<Id>/change/${id}</Id>`);
        },
      };
    }
    if (action !== "GetChange") return undefined;
    return changes.get(path.split("/").at(-1) ?? "")?.() ? { kind: "rewrite", rewrite: asPending } : undefined;
  };
}

function asPending(body: string): string {
  return body.replace("<Status>INSYNC</Status>", "<Status>PENDING</Status>");
}

function next(times: number, action: string, effect: (request: AwsRequest) => Effect): Fault {
  let left = times;
  return (request) => {
    if (request.action !== action || left === 0) return undefined;
    left -= 1;
    return effect(request);
  };
}

function ec2Error(code: string, message: string): string {
  return `<?xml version="1.0"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>sandbox</RequestID></Response>`;
}

function restError(code: string, message: string): string {
  return `<?xml version="1.0"?><ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>sandbox</RequestId></ErrorResponse>`;
}
