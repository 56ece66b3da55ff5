import { describe, expect, it } from "vitest";
import { documentOf, matches, statementsOf, valuesOf } from "../../../src/aws/faces/policy-document.js";

describe("policy documents", () => {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::1:role/a", Federated: ["f"] },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: { StringEquals: { "AWS:SourceVpc": "vpc-1" }, StringLike: { "aws:sourcevpc": ["vpc-2"] } },
  };

  it("are read as services and as IAM write them, one statement or several", () => {
    for (const Statement of [statement, [statement]]) {
      const text = JSON.stringify({ Version: "2012-10-17", Statement });
      for (const document of [text, encodeURIComponent(text)]) {
        const [read] = statementsOf(document);
        expect(read).toMatchObject({
          effect: "Allow",
          principals: { AWS: ["arn:aws:iam::1:role/a"], Federated: ["f"] },
          actions: ["sts:AssumeRole", "sts:TagSession"],
        });
        expect(read && valuesOf(read, "aws:SourceVpc")).toEqual(["vpc-1", "vpc-2"]);
      }
    }
    expect(statementsOf('{"Statement":{"Effect":"Deny","Principal":"*"}}')[0]?.principals).toEqual({ AWS: ["*"] });
  });

  it.each([undefined, "", "no JSON", "%7Bno%", "[]", "null", '{"Statement":[1,null]}', '{"Statement":"x"}'])(
    "that are none have no statements: %s",
    (document) => {
      expect(statementsOf(document)).toEqual([]);
      if (document === "no JSON") expect(documentOf(document)).toBeUndefined();
    },
  );

  it.each([
    ["arn:aws:iam::1:role/nodes.*", "arn:aws:iam::1:role/nodes.blue", true],
    ["arn:aws:iam::1:role/node?.blue", "arn:aws:iam::1:role/nodes.blue", true],
    ["arn:aws:iam::1:role/nodes.blue", "arn:aws:iam::1:role/nodesXblue", false],
    ["arn:aws:iam::1:role/(*", "arn:aws:iam::1:role/(x", true],
    ["*", "anything", true],
    ["nodes", "nodes.blue", false],
  ])("%s matches %s: %s", (pattern, text, does) => {
    expect(matches(pattern, text)).toBe(does);
  });
});
