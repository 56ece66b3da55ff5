import { describe, expect, it } from "vitest";
import { ensureMoto } from "../../src/sandbox/binaries/moto.js";
import { violations } from "./aws-api/check.js";
import { createAws, Violation } from "./aws-api/client.js";
import { loadModel, modelsBeside } from "./aws-api/model.js";

const models = modelsBeside(await ensureMoto());
const group = (change: object = {}) => ({
  clusterName: "prod-1-35",
  nodegroupName: "nodes",
  subnets: ["subnet-1"],
  nodeRole: "arn:aws:iam::123456789012:role/node",
  ...change,
});

describe("violations of AWS's own description of its API", () => {
  it.each([
    { what: "a right request", service: "eks", operation: "CreateNodegroup", params: group(), found: [] },
    {
      what: "a missing member",
      service: "eks",
      operation: "CreateNodegroup",
      params: { ...group(), nodeRole: undefined },
      found: [/^CreateNodegroup\.nodeRole: is missing$/],
    },
    {
      what: "an unknown member",
      service: "eks",
      operation: "CreateNodegroup",
      params: group({ subnetIds: [] }),
      found: [/^CreateNodegroup\.subnetIds: is no member$/],
    },
    {
      what: "a wrong enum, deep inside",
      service: "eks",
      operation: "CreateNodegroup",
      params: group({ taints: [{ key: "dedicated", effect: "NoSchedule" }] }),
      found: [/^CreateNodegroup\.taints\[0\]\.effect: "NoSchedule" is none of NO_SCHEDULE, /],
    },
    {
      what: "another type",
      service: "eks",
      operation: "CreateNodegroup",
      params: group({ scalingConfig: { minSize: "1" } }),
      found: [/^CreateNodegroup\.scalingConfig\.minSize: must be a whole number$/],
    },
    {
      what: "a number out of its range",
      service: "eks",
      operation: "CreateNodegroup",
      params: group({ scalingConfig: { minSize: -1 } }),
      found: [/^CreateNodegroup\.scalingConfig\.minSize: -1, and the least is 0$/],
    },
    {
      what: "a name that is too long",
      service: "iam",
      operation: "CreateRole",
      params: { RoleName: "r".repeat(65), AssumeRolePolicyDocument: "{}" },
      found: [/^CreateRole\.RoleName: 65 characters, and the most is 64$/],
    },
    {
      what: "a value that doesn't fit its pattern",
      service: "iam",
      operation: "CreateRole",
      params: { RoleName: "a role", AssumeRolePolicyDocument: "{}" },
      found: [/^CreateRole\.RoleName: "a role" doesn't match /],
    },
    {
      what: "two at once, one a key of a map",
      service: "eks",
      operation: "CreateCluster",
      params: { name: "-", roleArn: "r", resourcesVpcConfig: {}, tags: { ["k".repeat(129)]: "v" } },
      found: [
        /^CreateCluster\.name: "-" doesn't match /,
        /^CreateCluster\.tags key k+: 129 characters, and the most is 128$/,
      ],
    },
  ])("$what", ({ service, operation, params, found }) => {
    expect(violations(loadModel(models, service), operation, params)).toEqual(
      found.map((words) => expect.stringMatching(words)),
    );
  });
});

describe("createAws", () => {
  it("sends nothing that has a violation, and names the member", async () => {
    // Nobody listens there: what is sent fails otherwise.
    const aws = createAws({ endpoint: "http://127.0.0.1:9", region: "eu-west-1", models });
    const refused = await aws("ec2", "CreateVpc", { CidrBlock: "10.0.0.0/16", InstanceTenancy: "own" }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(Violation);
    expect(String(refused)).toMatch(
      /ec2 would refuse this request:\nCreateVpc\.InstanceTenancy: "own" is none of default/,
    );
  });
});
