import { describe, expect, it } from "vitest";
import { createRateLimit } from "../../src/aws/rate-limit.js";
import { failureKind, withRetry } from "../../src/aws/retry.js";
import { virtualClock } from "./clock.js";

const awsError = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error(name), { name, ...(httpStatusCode && { $metadata: { httpStatusCode } }) });

describe("failureKind", () => {
  it.each([
    ["Throttling", 400, "refused"],
    ["PriorRequestNotComplete", 400, "refused"],
    ["RequestLimitExceeded", 503, "refused"],
    ["InvalidChangeBatch", 400, "final"],
    ["AccessDenied", 403, "final"],
    ["InternalError", 500, "unclear"],
    ["TimeoutError", undefined, "unclear"],
  ])("%s (%s) is %s", (name, status, kind) => {
    expect(failureKind(awsError(name, status))).toBe(kind);
  });
});

describe("withRetry", () => {
  const run = async (errors: Error[], idempotent: boolean) => {
    const clock = virtualClock();
    let calls = 0;
    const call = async () => {
      const error = errors[calls++];
      if (error) throw error;
      return "done";
    };
    const result = await withRetry(call, { idempotent, clock, random: () => 1 }).catch((error: Error) => error.name);
    return { result, calls, slept: clock.slept };
  };

  it("sends again what was refused, with doubling waits, whatever it was", async () => {
    const refused = [awsError("Throttling", 400), awsError("PriorRequestNotComplete", 400)];
    expect(await run(refused, false)).toEqual({ result: "done", calls: 3, slept: [200, 400] });
  });

  it("sends again what ended unclearly only where that does no harm", async () => {
    const cut = [awsError("ECONNRESET")];
    expect(await run(cut, true)).toMatchObject({ result: "done", calls: 2 });
    expect(await run(cut, false)).toEqual({ result: "ECONNRESET", calls: 1, slept: [] });
  });

  it("takes a no for a no", async () => {
    expect(await run([awsError("AccessDenied", 403)], true)).toMatchObject({ result: "AccessDenied", calls: 1 });
  });

  it("gives up with the error as it came", async () => {
    const forever = Array.from({ length: 99 }, () => awsError("Throttling", 400));
    expect(await run(forever, true)).toMatchObject({ result: "Throttling", calls: 8 });
  });
});

describe("createRateLimit", () => {
  it("lets a burst through and then so many a second", async () => {
    const clock = virtualClock(0);
    const pass = createRateLimit(5, clock);
    for (let call = 0; call < 25; call++) await pass();
    expect(clock.now()).toBeGreaterThanOrEqual(4_000 - 1);
    expect(clock.now()).toBeLessThan(4_400);
  });
});
