import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AwsApi } from "../../../src/aws/api.js";
import { awsClients } from "../../../src/aws/clients.js";
import { phaseNames } from "../../../src/aws/permissions/phases.js";
import { allowedIn, type Policy, policiesFor } from "../../../src/aws/permissions/policy.js";
import { anyScope } from "../../../src/aws/permissions/scope.js";
import { finishTraffic } from "../../../src/traffic/finish.js";
import { markingOf, tagKey } from "../../../src/traffic/marks/marking.js";
import { checkAhead } from "../../../src/traffic/preparation/permissions.js";
import { prepare } from "../../../src/traffic/preparation/prepare.js";
import { rollback } from "../../../src/traffic/rollback.js";
import { shift } from "../../../src/traffic/shift.js";
import { blueName, createWorld, memoryJournal, region, type World } from "../../traffic/world.js";
import { virtualClock } from "../clock.js";
import { openTestAws } from "../moto.js";
import { calledBetween } from "./called.js";

const opened = await openTestAws();
const title = `a cutover's policy${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`;

describe.skipIf("missing" in opened)(title, () => {
  if ("missing" in opened) return;
  const { front } = opened;
  let world: World;
  beforeAll(async () => {
    world = await createWorld(front, `may-${process.pid}.example`);
  });
  afterAll(() => opened.close());

  const marking = markingOf("20261128T220000Z", blueName);
  const clock = virtualClock();
  const passed = async () => ({ outcome: "passed", detail: "fine" }) as const;
  const edgesOf = (aws: AwsApi) => ({ aws, clock, journal: memoryJournal(), check: passed });
  const names = () => world.targets.flatMap((target) => (target.kind === "route53" ? [target] : []));
  const addresses = () => world.targets.flatMap((target) => (target.kind === "elastic-ip" ? [target] : []));
  const input = () => ({ targets: world.targets, steps: [100], holdMs: 1, marking });

  /** Forth and back with all that a run does of it. */
  async function thereAndBack(aws: AwsApi): Promise<void> {
    const edges = edgesOf(aws);
    await checkAhead({ names: names(), addresses: addresses(), tagKey: tagKey(marking) }, aws.probes);
    await aws.route53.findZone(world.zoneId);
    await prepare({ names: names(), ttl: 1 }, edges);
    expect((await shift(input(), edges)).outcome).toBe("moved");
    expect((await rollback(edges)).outcome).toBe("moved-back");
  }

  it("has all that prepare, a cutover and a rollback call, and nothing that none of them could", async () => {
    const before = front.counts();
    await thereAndBack(world.aws(clock));
    const called = calledBetween(before, front.counts());
    // What volumes need is compared with what they call in test/volumes/.
    const allowed = new Set(allowedIn("cutover", { ...anyScope, volumes: false }).map(([, action]) => action));
    expect(called.filter((action) => !allowed.has(action))).toEqual([]);
    expect(called.length).toBeGreaterThan(12);
    // Each has its reason to be there all the same.
    const elsewhere = {
      "route53:ListHostedZonesByName": "zones that are given by their names",
      "route53:ListHostedZonesByVPC": "private zones that are given by a network",
      "elasticloadbalancing:DescribeLoadBalancers": "listeners that are given by name and port",
      "elasticloadbalancing:DescribeTargetHealth": "green's targets, where the configuration asks for health",
      "elasticloadbalancing:DescribeTags": "marks, where no record of a run is left, or after a crash",
      "ec2:DescribeTags": "likewise",
      "ec2:DisassociateAddress": "an address that nobody had before",
    };
    expect([...allowed].filter((action) => !called.includes(action)).sort()).toEqual(Object.keys(elsewhere).sort());
  });

  it("has a part in the teardown's: what gives records and rules their last form", async () => {
    const edges = edgesOf(world.aws(clock));
    await shift(input(), edges);
    const before = front.counts();
    await finishTraffic("before blue", { records: "simple" }, edges);
    await finishTraffic("after blue", { records: "simple" }, edges);
    const allowed = new Set(allowedIn("teardown", anyScope).map(([, action]) => action));
    const called = calledBetween(before, front.counts());
    expect(called).toContain("route53:ChangeResourceRecordSets");
    expect(called.filter((action) => !allowed.has(action))).toEqual([]);
    await world.reset();
  });

  describe("with an account that asks for permission", () => {
    const iam = new IAMClient({
      ...{ region, endpoint: front.internalEndpoint },
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    afterAll(() => iam.destroy());

    /** The emulator knows neither conditions nor resources of these services: of a policy it proves the actions. */
    const actionsAlone = (policies: Policy[], without?: string) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Resource: "*",
          Action: policies
            .flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action))
            .filter((action) => action !== without),
        },
      ],
    });
    let users = 0;

    /** Works as somebody who has just this, while the emulator checks. */
    async function asUser<T>(document: object, work: (aws: AwsApi) => Promise<T>): Promise<T> {
      const name = `user-${++users}`;
      await iam.send(new CreateUserCommand({ UserName: name }));
      const made = await iam.send(
        new CreatePolicyCommand({ PolicyName: name, PolicyDocument: JSON.stringify(document) }),
      );
      await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: made.Policy?.Arn }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId,
        AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey,
      });
      // Loopback by another name: to an emulator under its usual one the project shows no credentials.
      const endpoint = front.endpoint.replace("127.0.0.1", "0.0.0.0");
      const aws = awsClients({ region, endpoint }, { clock });
      const enforce = (after: string) =>
        fetch(`${front.internalEndpoint}/moto-api/reset-auth`, { method: "POST", body: after });
      await enforce("0");
      try {
        return await work(aws);
      } finally {
        await enforce("inf");
        aws.close();
        Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
      }
    }

    it("is enough for all of it", async () => {
      const before = await world.snapshot();
      await asUser(actionsAlone(policiesFor("cutover", anyScope)), thereAndBack);
      expect(await world.snapshot()).toEqual(before);
    });

    it.each(["route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets", "ec2:DescribeAddresses"])(
      "is not enough without %s",
      async (action) => {
        await expect(asUser(actionsAlone(policiesFor("cutover", anyScope), action), thereAndBack)).rejects.toThrow(
          // Route 53's denials come from the emulator without a name.
          new RegExp(`${action.split(":")[1]} of .* failed: (Unknown|AccessDenied)`),
        );
        await world.reset();
      },
    );

    it.each(phaseNames)("%s' documents are taken as policies", async (phase) => {
      for (const [index, policy] of policiesFor(phase, anyScope).entries()) {
        const command = { PolicyName: `${phase}-${index}`, PolicyDocument: JSON.stringify(policy) };
        await expect(iam.send(new CreatePolicyCommand(command))).resolves.toBeDefined();
      }
    });
  });
});
