import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkAhead } from "../../../src/traffic/preparation/permissions.js";
import { virtualClock } from "../../aws/clock.js";
import { openTestAws } from "../../aws/moto.js";
import { createWorld, type World } from "../world.js";

const opened = await openTestAws();
const title = `checkAhead${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`;

describe.skipIf("missing" in opened)(title, () => {
  if ("missing" in opened) return;
  const { front } = opened;
  let world: World;
  beforeAll(async () => {
    world = await createWorld(front, `ahead-${process.pid}.example`);
  });
  afterEach(() => {
    front.faults.length = 0;
  });
  afterAll(() => opened.close());

  const moving = () => ({
    names: world.targets.flatMap((target) => (target.kind === "route53" ? [target] : [])),
    addresses: world.targets.flatMap((target) => (target.kind === "elastic-ip" ? [target] : [])),
  });
  const check = async () => checkAhead(moving(), world.aws(virtualClock()).probes);

  it("finds what is allowed, and changes nothing by asking", async () => {
    const before = await world.snapshot();
    const { names, addresses } = moving();
    const checks = await check();
    expect(checks.filter(({ what }) => /^(change|move)/.test(what)).map(({ outcome }) => outcome)).toEqual(
      [...names, ...addresses].map(() => "allowed"),
    );
    expect(await world.snapshot()).toEqual(before);
  });

  it("asks whether addresses may be marked, and for room for marks, where a shift leaves them", async () => {
    const checks = await checkAhead(
      { ...moving(), tagKey: "clustershift:before:0a1b2c3d" },
      world.aws(virtualClock()).probes,
    );
    const addresses = moving().addresses.map(({ publicIp }) => ({ what: `mark ${publicIp}`, outcome: "allowed" }));
    expect(checks).toEqual(expect.arrayContaining(addresses.map((each) => expect.objectContaining(each))));
    const sets = moving().names.length + 1;
    expect(checks.map(({ what }) => what)).toContain(`add ${sets} record set(s) to zone ${world.zoneId}`);
    expect(await world.aws(virtualClock()).ec2.tagged("clustershift:before:0a1b2c3d")).toEqual(new Map());
  });

  it("finds what is denied, in AWS's words", async () => {
    front.faults.push(({ action, service }) =>
      action === "ChangeResourceRecordSets" || action === "AssociateAddress"
        ? {
            kind: "answer",
            when: "before",
            status: 403,
            body:
              service === "ec2"
                ? "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>not you</Message></Error></Errors></Response>"
                : "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>",
          }
        : undefined,
    );
    const checks = (await check()).filter(({ what }) => /^(change|move)/.test(what));
    const { names, addresses } = moving();
    expect(checks.length).toBe(names.length + addresses.length);
    for (const { outcome, detail } of checks) {
      expect(outcome).toBe("denied");
      expect(detail).toContain("not you");
    }
  });

  it("finds a zone without room, and doesn't guess where nobody says", async () => {
    const { names } = moving();
    const probes = world.aws(virtualClock()).probes;
    const room = async (freeRecordSets: () => Promise<number>) =>
      (await checkAhead({ names, addresses: [] }, { ...probes, freeRecordSets })).at(-1);
    expect(await room(async () => names.length)).toMatchObject({ outcome: "allowed" });
    expect(await room(async () => names.length - 1)).toMatchObject({ outcome: "denied" });
    const silent = async () => Promise.reject(new Error("no answer"));
    expect(await room(silent)).toMatchObject({ outcome: "unknown", detail: "no answer" });
  });
});
