import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { needs } from "../../../src/aws/permissions/needs.js";
import { phaseNames } from "../../../src/aws/permissions/phases.js";
import { places } from "../../../src/aws/permissions/places.js";
import { allowedIn, mostCharacters, type Policy, policiesFor } from "../../../src/aws/permissions/policy.js";
import { anyScope, type Scope } from "../../../src/aws/permissions/scope.js";
import { UserError } from "../../../src/model/errors.js";

const scope: Scope = {
  ...{ region: "eu-central-1", account: "123456789012", blue: "blue.acme.example", green: "acme-1-35" },
  ...{ foundation: "acme", blueIsStack: false, markTag: "clustershift:before:0a1b2c3d" },
  records: { zoneIds: ["Z1"], names: ["app.acme.example"], wide: ["*.acme.example"], types: ["A", "TXT"] },
  balancers: {
    listeners: ["arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/edge/1/2"],
    rules: ["arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/edge/1/2/*"],
  },
  ...{
    addresses: true,
    metrics: true,
    volumes: true,
    bucket: { name: "acme-runs", prefix: "clustershift/blue.acme.example" },
  },
  ...{ admittedBy: ["sg-0db"], policyArns: ["arn:aws:iam::123456789012:policy/shop"] },
};
const statements = (policies: Policy[]) => policies.flatMap(({ Statement }) => Statement);
const withAction = (policies: Policy[], action: string) =>
  statements(policies).filter(({ Action }) => Action.includes(action));

/** IAM's grammar, as far as these documents use it. */
function expectSound(policies: Policy[]): void {
  expect(policies.length).toBeGreaterThan(0);
  for (const policy of policies) {
    expect(JSON.stringify(policy).replaceAll(/\s/g, "").length).toBeLessThanOrEqual(mostCharacters);
    const sids = policy.Statement.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const { Sid, Action, Resource, Condition } of policy.Statement) {
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(Action.length).toBeGreaterThan(0);
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z0-9]+$/);
      expect(Resource.length).toBeGreaterThan(0);
      for (const resource of Resource)
        expect(resource).toMatch(/^(\*|arn:(aws|\*)[a-z-]*:[a-z0-9]+:[a-z0-9*-]*:[\d*]*:.+)$/);
      for (const operator of Object.keys(Condition ?? {}))
        expect(operator).toMatch(/^(ForAllValues:)?(String(Equals|Like)(IfExists)?|ArnLike|Bool)$/);
    }
  }
}

describe("policies", () => {
  it.each(phaseNames)("of %s are such as IAM takes, with a configuration and without", (phase) => {
    expectSound(policiesFor(phase, scope));
    expectSound(policiesFor(phase, { ...scope, blueIsStack: true }));
    expectSound(policiesFor(phase, anyScope));
  });

  it("have no action that writes, or that could be used anywhere, but what their place says", () => {
    const writes = /^(?!.*:(Describe|Get|List|Simulate))/;
    expect(allowedIn("plan", scope).filter(([, action]) => writes.test(action))).toEqual([]);
    for (const phase of phaseNames) {
      const anywhere = allowedIn(phase, scope).filter(([place]) => place === "any");
      expect(anywhere.map(([, action]) => action).filter((action) => writes.test(action))).toEqual(
        phase === "foundation" ? ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"] : [],
      );
    }
  });

  it("let a cutover change the configured names in their zone, and their marks, and nothing else", () => {
    const [statement, other] = withAction(policiesFor("cutover", scope), "route53:ChangeResourceRecordSets");
    expect(other).toBeUndefined();
    expect(statement).toMatchObject({
      Resource: ["arn:aws:route53:::hostedzone/Z1"],
      Condition: {
        "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["app.acme.example"] },
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsRecordTypes": ["A", "TXT"],
          "route53:ChangeResourceRecordSetsActions": ["CREATE", "UPSERT", "DELETE"],
        },
      },
    });
  });

  it("leave out what isn't configured", () => {
    const { records: _, balancers: __, markTag: ___, ...rest } = scope;
    const bare = policiesFor("cutover", { ...rest, addresses: false, volumes: false });
    const actions = statements(bare).flatMap(({ Action }) => Action);
    expect(actions).toEqual([]);
    expect(policiesFor("record", { ...scope, bucket: undefined })).toEqual([]);
  });

  it("pass roles of this cluster alone, to the services that take them", () => {
    for (const { Resource, Condition } of withAction(policiesFor("up", scope), "iam:PassRole")) {
      expect(Resource).toEqual(["arn:aws:iam::123456789012:role/acme-1-35-*"]);
      expect(Condition?.StringEquals?.["iam:PassedToService"]).toContain("eks.amazonaws.com");
    }
  });

  it("touch of other people's groups only those that the settings name", () => {
    const [own, rules, others] = withAction(policiesFor("up", scope), "ec2:AuthorizeSecurityGroupIngress");
    expect(own?.Condition).toEqual({ StringLike: { "aws:ResourceTag/clustershift:cluster": "acme-1-35" } });
    expect(rules?.Resource).toEqual(["arn:aws:ec2:eu-central-1:123456789012:security-group-rule/*"]);
    expect(others?.Resource).toEqual(["arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0db"]);
  });

  it("delete in a teardown only what carries blue's mark, or what blue's own stack made", () => {
    const deletes = /:(Delete|Release|Revoke)/;
    const swept = statements(policiesFor("teardown", { ...scope, markTag: undefined })).filter(({ Action }) =>
      Action.some((action) => deletes.test(action)),
    );
    expect(swept.length).toBeGreaterThan(0);
    for (const { Condition } of swept)
      expect(JSON.stringify(Condition)).toMatch(/"aws:ResourceTag\/[^"]+":("owned"|"blue\.acme\.example")/);
    const ofStack = withAction(
      policiesFor("teardown", { ...scope, blue: "acme-1-34", blueIsStack: true }),
      "eks:DeleteCluster",
    );
    expect(ofStack.map(({ Resource }) => Resource[0])).toEqual([
      "arn:aws:eks:eu-central-1:123456789012:cluster/acme-1-34",
    ]);
  });

  it("are split where one would be too large, and lose nothing by it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...phaseNames), fc.integer({ min: 0, max: 60 }), (phase, groups) => {
        const admittedBy = Array.from({ length: groups }, (_, index) => `sg-${index.toString(16).padStart(17, "0")}`);
        const policies = policiesFor(phase, { ...scope, admittedBy });
        expectSound(policies);
        const allowed = new Set(statements(policies).flatMap(({ Action }) => Action));
        expect(allowed).toEqual(new Set(allowedIn(phase, scope).map(([, action]) => action)));
      }),
      { numRuns: 20 },
    );
  });

  it("name zones where names are too many for a policy", () => {
    const names = Array.from({ length: 500 }, (_, index) => `name-${index}.acme.example`);
    const wide = policiesFor("cutover", {
      ...scope,
      records: { ...scope.records, names } as Scope["records"] & object,
    });
    expectSound(wide);
    const [statement] = withAction(wide, "route53:ChangeResourceRecordSets");
    expect(statement?.Condition?.["ForAllValues:StringLike"]).toEqual({
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["*.acme.example"],
    });
  });

  it("are refused where even one statement is too large", () => {
    const admittedBy = Array.from({ length: 100 }, (_, index) => `sg-${index.toString(16).padStart(17, "0")}`);
    expect(() => policiesFor("up", { ...scope, admittedBy })).toThrow(UserError);
  });

  it("have no place that nothing needs, and no reason that is missing", () => {
    const used = new Set(
      phaseNames.flatMap((phase) => allowedIn(phase, { ...scope, blueIsStack: true }).map(([place]) => place)),
    );
    // The fallback of `records`.
    used.add("records-of-zones");
    expect(Object.keys(places).filter((place) => !used.has(place as keyof typeof places))).toEqual([]);
    expect(needs.filter(({ why }) => why.length < 10)).toEqual([]);
  });
});
