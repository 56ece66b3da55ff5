import { describe, expect, it } from "vitest";
import type { Portion } from "../../src/model/traffic.js";
import { portionsOf, type RecordedTarget, stagesOfTargets } from "../../src/traffic/targets/index.js";

const arn = (kind: string, name: string) => `arn:aws:elasticloadbalancing:eu-central-1:1:${kind}/${name}/1`;
const blueGroup = { TargetGroupArn: arn("targetgroup", "blue"), Weight: 3 };
const association = (instanceId: string) => ({
  ...{ allocationId: "eipalloc-1", publicIp: "203.0.113.1", instanceId },
  ...{ networkInterfaceId: `eni-${instanceId}`, privateIpAddress: "10.0.0.1" },
});
const alias = (name: string) => ({
  HostedZoneId: "Z9",
  DNSName: `${name}.elb.amazonaws.com.`,
  EvaluateTargetHealth: false,
});

const recorded: RecordedTarget[] = [
  {
    kind: "route53",
    key: "route53:Z1",
    zoneId: "Z1",
    names: [
      { name: "app.acme.example.", type: "A", green: ["198.51.100.1"] },
      { name: "api.acme.example.", type: "A", green: alias("green") },
    ],
    before: [
      { Name: "app.acme.example.", Type: "A", TTL: 5, ResourceRecords: [{ Value: "192.0.2.1" }] },
      { Name: "api.acme.example.", Type: "A", AliasTarget: alias("blue") },
    ],
  },
  {
    ...{ kind: "load-balancer", key: "load-balancer:app/edge/1", listenerArn: arn("listener", "edge") },
    greenTargetGroup: arn("targetgroup", "green"),
    before: [{ Type: "forward", ForwardConfig: { TargetGroups: [blueGroup] } }],
  },
  {
    ...{ kind: "elastic-ip", key: "elastic-ip:eipalloc-1", allocationId: "eipalloc-1", publicIp: "203.0.113.1" },
    ...{ group: "syslog", zone: "a", before: association("i-blue"), after: association("i-green") },
  },
  { kind: "manual", key: "manual:partner", name: "partner", green: "allow", blue: "forbid", before: "blue" },
];

const greenPercent = ({ blue, green, other }: Portion) => Math.round((green * 100) / (blue + green + other));

describe("portionsOf", () => {
  it("gives blue everything of what was recorded", () => {
    const portions = recorded.flatMap((each) => portionsOf(each, each.before));
    expect(portions.map(({ what }) => what)).toEqual([
      "app.acme.example. A",
      "api.acme.example. A",
      "app/edge/1",
      "203.0.113.1 (syslog, a)",
      "partner (by hand)",
    ]);
    expect(portions.every(({ blue, green, other }) => blue > 0 && green === 0 && other === 0)).toBe(true);
  });

  it("agrees with what each stage writes", () => {
    const byKey = new Map(recorded.map((each) => [each.key, each]));
    const stages = stagesOfTargets(recorded, { attempt: 1, steps: [1, 25, 100], holdMs: 0 });
    for (const { id, moves } of stages) {
      const share = Number(/^share\/(\d+)$/.exec(id)?.[1] ?? 100);
      for (const { key, to } of moves) {
        const portions = portionsOf(byKey.get(key) as RecordedTarget, to);
        expect({ id, key, green: portions.map(greenPercent) }).toEqual({ id, key, green: portions.map(() => share) });
        expect(portions.every(({ other }) => other === 0)).toBe(true);
      }
    }
  });

  it("tells what is neither colour's", () => {
    const [zone, balancer, address] = recorded;
    if (zone?.kind !== "route53" || !balancer || !address) throw new Error("other targets");
    const [first] = zone.before;
    const others = [{ ...first, Name: "app.acme.example.", Type: "A", ResourceRecords: [{ Value: "203.0.113.9" }] }];
    expect(portionsOf(zone, others)).toMatchObject([
      { other: 1, blue: 0, green: 0 },
      { other: 0, blue: 0, green: 0 },
    ]);
    const forward = [
      { Type: "forward", ForwardConfig: { TargetGroups: [blueGroup, { TargetGroupArn: "x", Weight: 1 }] } },
    ];
    expect(portionsOf(balancer, forward)).toMatchObject([{ blue: 3, green: 0, other: 1 }]);
    expect(portionsOf(address, association("i-thief"))).toMatchObject([{ blue: 0, green: 0, other: 1 }]);
  });
});
