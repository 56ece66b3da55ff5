import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ListenerAction } from "../../../../src/model/load-balancer.js";
import {
  actionsAt,
  finishedActions,
  groupsOf,
  sameActions,
  stickySeconds,
} from "../../../../src/traffic/targets/load-balancer/actions.js";
import { originalActions } from "./arbitraries.js";

const group = (name: string) =>
  `arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/${name}/73e2d6bc24d8a067`;
const green = group("green");
const originals = originalActions([group("blue-1"), group("blue-2"), group("blue-3"), green]);
const share = fc.integer({ min: 1, max: 100 });

describe("actionsAt", () => {
  it("leaves every other action, and the stickiness, as they were", () => {
    const signIn: ListenerAction = { Type: "authenticate-oidc", Order: 1, AuthenticateOidcConfig: { ClientId: "web" } };
    const sticky = { Enabled: true, DurationSeconds: 600 };
    const forward: ListenerAction = {
      Type: "forward",
      Order: 2,
      TargetGroupArn: group("blue-1"),
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: group("blue-1"), Weight: 1 }],
        TargetGroupStickinessConfig: sticky,
      },
    };
    expect(actionsAt([signIn, forward], green, 5)).toEqual([
      signIn,
      {
        Type: "forward",
        Order: 2,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: group("blue-1"), Weight: 95 },
            { TargetGroupArn: green, Weight: 5 },
          ],
          TargetGroupStickinessConfig: sticky,
        },
      },
    ]);
  });

  it("are the original itself at share 0", () => {
    fc.assert(
      fc.property(originals, (before) => {
        expect(actionsAt(before, green, 0)).toEqual(before);
      }),
    );
  });

  it("name green's group once, and all of blue's", () => {
    fc.assert(
      fc.property(originals, share, (before, percent) => {
        const groups = actionsAt(before, green, percent).flatMap(groupsOf);
        const arns = groups.map(({ TargetGroupArn }) => TargetGroupArn);
        expect(arns.filter((arn) => arn === green)).toHaveLength(1);
        expect(new Set(arns)).toEqual(new Set([...before.flatMap(groupsOf).map((each) => each.TargetGroupArn), green]));
      }),
    );
  });

  it("differ where the shares do", () => {
    fc.assert(
      fc.property(originals, share, share, (before, a, b) => {
        expect(sameActions(actionsAt(before, green, a), before)).toBe(false);
        if (a === b) expect(sameActions(actionsAt(before, green, a), actionsAt(before, green, b))).toBe(true);
      }),
    );
  });
});

describe("sameActions", () => {
  const arn = group("blue-1");
  const short: ListenerAction[] = [{ Type: "forward", TargetGroupArn: arn }];

  it.each<[string, ListenerAction[], boolean]>([
    [
      "both forms, as AWS shows them",
      [
        {
          Type: "forward",
          TargetGroupArn: arn,
          Order: 1,
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: arn, Weight: 1 }],
            TargetGroupStickinessConfig: { Enabled: false },
          },
        },
      ],
      true,
    ],
    [
      "another weight",
      [{ Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: arn, Weight: 2 }] } }],
      false,
    ],
    [
      "stickiness",
      [
        {
          Type: "forward",
          TargetGroupArn: arn,
          ForwardConfig: { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 } },
        },
      ],
      false,
    ],
    ["another group", [{ Type: "forward", TargetGroupArn: group("other") }], false],
    ["one more action", [{ Type: "authenticate-cognito" }, ...short], false],
  ])("%s", (_, other, expected) => {
    expect(sameActions(short, other)).toBe(expected);
  });
});

describe("finishedActions", () => {
  it("name no group that had blue's traffic, and keep green's weight, idle groups and stickiness", () => {
    fc.assert(
      fc.property(originals, (before) => {
        const finished = finishedActions(before, green);
        const idle = before
          .flatMap(groupsOf)
          .filter(({ TargetGroupArn, Weight }) => Weight === 0 && TargetGroupArn !== green);
        const after = finished.flatMap(groupsOf);
        expect(after).toEqual([...idle, { TargetGroupArn: green, Weight: 100 }]);
        expect(stickySeconds(finished)).toBe(stickySeconds(before));
      }),
    );
  });
});
