import { afterAll, expect, it } from "vitest";
import { type Fault, pendingChanges, priorRequestNotComplete, throttle } from "../../src/sandbox/aws/faults.js";
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
      rate: { http: 20, syslog: 20 },
      steps: [50, 100],
      holdMs: 100,
      requests: 1,
      faults: () => [
        throttle({ action: "ListResourceRecordSets", times: 1 }),
        priorRequestNotComplete({ times: 1 }),
        secondAddressLater(),
        pendingChanges(200, () => performance.now()),
      ],
    });
    expect(figures.failures).toEqual([]);
    expect(figures).toMatchObject({ cutovers: 1, failed: 0, wrong: [], errors: {} });
    expect(figures.sent).toBeGreaterThan(20);
  },
  60_000,
);

/** Between the addresses nothing is held, so that without it seldom a message comes when one has moved and another hasn't. */
function secondAddressLater(): Fault {
  const throttled = throttle({ action: "AssociateAddress", times: 3 });
  let asked = 0;
  return (request) => (request.action === "AssociateAddress" && ++asked > 1 ? throttled(request) : undefined);
}
