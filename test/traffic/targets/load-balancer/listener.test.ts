import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeRulesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { awsClients } from "../../../../src/aws/clients.js";
import type { LoadBalancerTarget } from "../../../../src/model/load-balancer.js";
import { rollback } from "../../../../src/traffic/rollback.js";
import { shift } from "../../../../src/traffic/shift.js";
import { groupsOf } from "../../../../src/traffic/targets/load-balancer/actions.js";
import { loadBalancerTargets } from "../../../../src/traffic/targets/load-balancer/resolve.js";
import { virtualClock } from "../../../aws/clock.js";
import { openTestAws } from "../../../aws/moto.js";
import { createBalancer } from "../../balancer.js";
import { memoryJournal, region } from "../../world.js";
import { originalActions } from "./arbitraries.js";

/*
 * The emulator routes nothing. Unlike AWS it shows a forward action in the form in which it was written, knows all targets
 * as healthy, and lets a network load balancer have any groups.
 */
const opened = await openTestAws();

describe.skipIf("missing" in opened)(
  `load balancers${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  async () => {
    if ("missing" in opened) return;
    const { front } = opened;
    afterAll(() => opened.close());
    const settings = { region, endpoint: front.internalEndpoint };
    const name = `lb${process.pid}`;
    const made = await createBalancer(await createNetwork(settings.endpoint), name);
    const clock = virtualClock();
    const aws = () => awsClients(settings, { clock });
    const { listenerArn, groups, other, sdk } = made;
    const [ruleArn = ""] = made.ruleArns;
    const green = groups.at(-1) ?? "";
    const rule: LoadBalancerTarget = {
      kind: "load-balancer",
      listenerArn,
      ruleArn,
      greenTargetGroup: green,
      requireHealthy: false,
    };
    const byDefault: LoadBalancerTarget = {
      kind: "load-balancer",
      listenerArn,
      greenTargetGroup: green,
      requireHealthy: false,
    };
    const passed = async () => ({ outcome: "passed" as const, detail: "fine" });
    /** As the SDK itself shows them. */
    const raw = async () => (await sdk.send(new DescribeRulesCommand({ ListenerArn: listenerArn }))).Rules;
    const terms = { steps: [1, 25, 100], holdMs: 0 };

    it("moves a rule and a listener's default together, and gives back exactly what was there", async () => {
      const before = await raw();
      const journal = memoryJournal();
      const edges = { aws: aws(), journal, clock, check: passed };
      await shift({ targets: [rule, byDefault], ...terms }, edges);
      for (const { Actions = [] } of (await raw()) ?? []) {
        const weights = Actions.flatMap((action) => groupsOf(action as never));
        expect(weights.filter(({ Weight }) => Weight > 0)).toEqual([{ TargetGroupArn: green, Weight: 100 }]);
      }
      const back = aws();
      await rollback({ aws: back, journal, clock });
      expect(await raw()).toEqual(before);
      const calls = Object.entries(back.meter.actions()).map(([action, { calls }]) => [action, calls]);
      expect(Object.fromEntries(calls)).toEqual({
        DescribeRules: 2,
        ModifyRule: 1,
        DescribeListeners: 2,
        ModifyListener: 1,
      });
    });

    it("brings any original back byte for byte", async () => {
      const { elbv2 } = aws();
      await fc.assert(
        fc.asyncProperty(originalActions(groups), async (original) => {
          await elbv2.modifyRule(ruleArn, original);
          const before = JSON.stringify(await elbv2.rules({ ruleArn }));
          const journal = memoryJournal();
          await shift({ targets: [rule], steps: [50, 100], holdMs: 0 }, { aws: aws(), journal, clock, check: passed });
          expect(JSON.stringify(await elbv2.rules({ ruleArn }))).not.toBe(before);
          await rollback({ aws: aws(), journal, clock });
          expect(JSON.stringify(await elbv2.rules({ ruleArn }))).toBe(before);
        }),
        { numRuns: 15 },
      );
    });

    it("stops where somebody else changed the weights, and leaves theirs", async () => {
      const { elbv2 } = aws();
      const [blue = ""] = groups;
      await elbv2.modifyRule(ruleArn, [{ Type: "forward", TargetGroupArn: blue }]);
      const theirs = [
        {
          Type: "forward",
          ForwardConfig: { TargetGroups: [7, 3].map((Weight, i) => ({ TargetGroupArn: groups[i] ?? "", Weight })) },
        },
      ];
      const journal = memoryJournal();
      const meddle = async () => {
        await elbv2.modifyRule(ruleArn, theirs);
        return { outcome: "passed" as const, detail: "fine" };
      };
      await expect(
        shift({ targets: [rule], ...terms }, { aws: aws(), journal, clock, check: meddle }),
      ).rejects.toMatchObject({
        code: "drifted",
        message: expect.stringMatching(/changed by somebody else(.|\n)*blue-1-\S+ 7, blue-2-\S+ 3/),
      });
      const [live] = await elbv2.rules({ ruleArn });
      expect(live?.actions.flatMap(groupsOf).map(({ Weight }) => Weight)).toEqual([7, 3]);
      await elbv2.modifyRule(ruleArn, [{ Type: "forward", TargetGroupArn: blue }]);
    });

    it.each<[string, () => Promise<unknown>, RegExp]>([
      ["green has a share", () => shifted({ ...rule, greenTargetGroup: groups[0] ?? "" }), /already has a share/],
      ["another protocol", () => shifted({ ...rule, greenTargetGroup: other }), /speaks HTTPS, and blue-1-\S+ HTTP/],
      [
        "no healthy target",
        () => shifted({ ...rule, requireHealthy: true }),
        /no target of green-\S+ is healthy \(it has none\)/,
      ],
      ["the rule is gone", () => shifted({ ...rule, ruleArn: `${ruleArn}0` }), /is gone: somebody deleted it/],
    ])("refuses where %s", async (_, attempt, message) => {
      const before = await raw();
      await expect(attempt()).rejects.toThrow(message);
      expect(await raw()).toEqual(before);
    });

    it("refuses a rule that only redirects", async () => {
      const { elbv2 } = aws();
      const [live] = await elbv2.rules({ ruleArn });
      const redirect = { Type: "redirect", RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" } };
      await elbv2.modifyRule(ruleArn, [redirect]);
      await expect(shifted(rule)).rejects.toThrow(/sends nothing to target groups \(redirect\)/);
      await elbv2.modifyRule(ruleArn, live?.actions ?? []);
    });

    it("finds listener, rule and target group by their names", async () => {
      const listener = { loadBalancer: name, port: 80 };
      const common = { listener, unhealthy: "allow" as const };
      const wanted = [
        { ...common, rule: 10, green: { targetGroup: `green-${name}` } },
        { ...common, rule: "default" as const, green: { address: "web" } },
      ];
      expect(await loadBalancerTargets(wanted, { web: green }, aws().elbv2)).toEqual([rule, byDefault]);
      const missing = loadBalancerTargets([{ ...common, rule: 11, green: { address: "web" } }], {}, aws().elbv2);
      await expect(missing).rejects.toThrow(/no rule of priority 11/);
    });

    function shifted(target: LoadBalancerTarget) {
      return shift({ targets: [target], ...terms }, { aws: aws(), journal: memoryJournal(), clock, check: passed });
    }
  },
);

async function createNetwork(endpoint: string) {
  const ec2 = new EC2Client({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "172.24.0.0/16" }))).Vpc?.VpcId ?? "";
  const subnets: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const spec = { VpcId, CidrBlock: `172.24.${index}.0/24`, AvailabilityZone: `${region}${zone}` };
    subnets.push((await ec2.send(new CreateSubnetCommand(spec))).Subnet?.SubnetId ?? "");
  }
  return { endpoint, region, vpcId: VpcId, subnets };
}
