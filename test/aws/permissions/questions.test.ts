import { expect, it } from "vitest";
import { policiesFor } from "../../../src/aws/permissions/policy.js";
import { questionsOf } from "../../../src/aws/permissions/questions.js";
import { anyScope } from "../../../src/aws/permissions/scope.js";

it("asks for each statement where it allows, with a request that has what its conditions want", () => {
  const statement = {
    Sid: "One",
    Effect: "Allow" as const,
    Action: ["route53:ChangeResourceRecordSets", "ec2:CreateTags"],
    Resource: ["arn:aws:route53:::hostedzone/Z1"],
    Condition: {
      "ForAllValues:StringLike": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["a.example", "b.example"],
      },
      StringEquals: { "iam:PassedToService": ["eks.amazonaws.com", "ec2.amazonaws.com"] },
      Bool: { "kms:GrantIsForAWSResource": "true" },
    },
  };
  expect(questionsOf([{ Version: "2012-10-17", Statement: [statement] }])).toEqual([
    {
      actions: statement.Action,
      resources: statement.Resource,
      context: [
        {
          key: "route53:ChangeResourceRecordSetsNormalizedRecordNames",
          type: "stringList",
          values: ["a.example", "b.example"],
        },
        { key: "iam:PassedToService", type: "string", values: ["eks.amazonaws.com"] },
        { key: "kms:GrantIsForAWSResource", type: "boolean", values: ["true"] },
      ],
    },
  ]);
});

it("asks for all that a phase needs", () => {
  const policies = policiesFor("up", anyScope);
  const asked = questionsOf(policies).flatMap(({ actions }) => actions);
  expect(asked).toEqual(policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)));
  expect(asked).toContain("eks:CreateCluster");
});
