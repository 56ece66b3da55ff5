import { afterAll, expect, it } from "vitest";
import { pendingChanges, priorRequestNotComplete, throttle } from "../../src/sandbox/aws/faults.js";
import { openTestAws } from "../aws/moto.js";
import { moveUnderLoad } from "./cutover-load.js";

const aws = await openTestAws();
afterAll(async () => {
  if (!("missing" in aws)) await aws.close();
});

/** The proof's short form: one cutover and its rollback, and one fault of each kind that only delays. */
it.skipIf("missing" in aws)(
  "loses no request while traffic moves, and AWS is slow and throttles",
  async () => {
    if ("missing" in aws) return;
    const figures = await moveUnderLoad(aws.front, {
      name: `load-${process.pid}.example`,
      rate: { http: 20, syslog: 10 },
      steps: [50, 100],
      holdMs: 100,
      requests: 1,
      faults: () => [
        throttle({ action: "ListResourceRecordSets", times: 1 }),
        priorRequestNotComplete({ times: 1 }),
        throttle({ action: "AssociateAddress", times: 1 }),
        pendingChanges(200, () => performance.now()),
      ],
    });
    expect(figures.failures).toEqual([]);
    expect(figures).toMatchObject({ cutovers: 1, failed: 0, wrong: [], errors: {} });
    expect(figures.sent).toBeGreaterThan(20);
  },
  60_000,
);
