import type { AwsRequest } from "./identify.js";

/** What a fault does to one request. */
export type Effect =
  /** Answered here; the emulator never sees it. */
  | { kind: "answer"; status: number; body: string }
  /** The connection is cut: before the emulator sees the request, or after it has done it. */
  | { kind: "cut"; when: "before" | "after" }
  /** The emulator's answer is changed on its way back. */
  | { kind: "rewrite"; rewrite: (body: string) => string };

/** Asked for each request in turn; undefined leaves the request alone. The first fault with an effect has it. */
export type Fault = (request: AwsRequest) => Effect | undefined;

/** AWS says "slow down" to the next `times` requests of `action`. */
export function throttle({ action, times }: { action: string; times: number }): Fault {
  return next(times, action, ({ service }) =>
    service === "ec2"
      ? { kind: "answer", status: 503, body: ec2Error("RequestLimitExceeded", "Request limit exceeded.") }
      : { kind: "answer", status: 400, body: restError("Throttling", "Rate exceeded") },
  );
}

/** Route 53 is still busy with an earlier change of the zone, for the next `times` changes. */
export function priorRequestNotComplete({ times }: { times: number }): Fault {
  const message = "The request was rejected because Route 53 was still processing a prior request.";
  return next(times, "ChangeResourceRecordSets", () => ({
    kind: "answer",
    status: 400,
    body: restError("PriorRequestNotComplete", message),
  }));
}

/** Cuts the connection of the next `times` requests of `action`; `after`: AWS has done it, and nobody is told. */
export function cutConnection({
  action,
  when,
  times,
}: {
  action: string;
  when: "before" | "after";
  times: number;
}): Fault {
  return next(times, action, () => ({ kind: "cut", when }));
}

/**
 * Each change of Route 53 stays PENDING for `ms` milliseconds. The emulator gives all changes one id, so this gives each
 * its own. The records themselves change at once.
 * @param now milliseconds, of any clock that only goes forward
 */
export function pendingChanges(ms: number, now: () => number): Fault {
  const pendingUntil = new Map<string, number>();
  return ({ action, path }) => {
    if (action === "ChangeResourceRecordSets") {
      const id = `CSANDBOX${String(pendingUntil.size + 1).padStart(6, "0")}`;
      return {
        kind: "rewrite",
        rewrite: (body) => {
          if (!body.includes("<ChangeInfo>")) return body;
          pendingUntil.set(id, now() + ms);
          return asPending(body).replace(/<Id>[^<]*<\/Id>/, `<Id>/change/${id}</Id>`);
        },
      };
    }
    if (action !== "GetChange") return undefined;
    const until = pendingUntil.get(path.split("/").at(-1) ?? "");
    return until !== undefined && now() < until ? { kind: "rewrite", rewrite: asPending } : undefined;
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
