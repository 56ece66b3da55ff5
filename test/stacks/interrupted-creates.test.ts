import { describe, expect, it } from "vitest";
import { UserError } from "../../src/model/errors.js";
import { type FindMade, settleInterruptedCreates } from "../../stacks/engine/interrupted-creates.js";

const urn = (type: string, name: string) => `urn:pulumi:prod-1-35::clustershift::${type}::${name}`;
const resource = (type: string, name: string, inputs: object = {}) => ({
  urn: urn(type, name),
  type,
  custom: true,
  inputs,
});
const [role, template, vpc] = [
  resource("aws:iam/role:Role", "node", { name: "prod-1-35-node" }),
  resource("aws:ec2/launchTemplate:LaunchTemplate", "nodes", { name: "nodes-0123456" }),
  resource("aws:ec2/vpc:Vpc", "prod", { cidrBlock: "10.0.0.0/16" }),
];
const standing = { ...resource("aws:eks/cluster:Cluster", "prod-1-35"), id: "prod-1-35", outputs: { arn: "arn" } };

const exported = (creates: object[], resources: object[] = [standing], others: object[] = []) => ({
  version: 3,
  deployment: {
    manifest: { magic: "1" },
    resources,
    pending_operations: [...creates.map((each) => ({ type: "creating", resource: each })), ...others],
  },
});
const nobody: FindMade = async () => "unknown";

describe("settleInterruptedCreates", () => {
  it("leaves a state alone in which nothing was being made", async () => {
    const others = [{ type: "updating", resource: role }];
    expect(await settleInterruptedCreates("s", exported([], [standing], others), nobody)).toEqual({
      deployment: undefined,
      toRead: [],
    });
  });

  it("adopts what has its name from the program, and has the provider asked for it", async () => {
    const others = [{ type: "deleting", resource: vpc }];
    expect(await settleInterruptedCreates("s", exported([role], [standing], others), nobody)).toEqual({
      deployment: {
        version: 3,
        deployment: {
          manifest: { magic: "1" },
          resources: [standing, { ...role, id: "prod-1-35-node" }],
          pending_operations: others,
        },
      },
      toRead: [role.urn],
    });
  });

  it.each([
    { found: { id: "lt-1" }, resources: [standing, { ...template, id: "lt-1" }], toRead: [template.urn] },
    { found: "absent" as const, resources: [standing], toRead: [] },
  ])("goes by what is found of one that AWS named: $found", async ({ found, resources, toRead }) => {
    const settled = await settleInterruptedCreates("s", exported([template]), async ({ type, inputs }) => {
      expect([type, inputs]).toEqual([template.type, template.inputs]);
      return found;
    });
    expect(settled.toRead).toEqual(toRead);
    expect(settled.deployment?.deployment).toMatchObject({ resources, pending_operations: [] });
  });

  it("takes no resource for two: one that the state has already", async () => {
    const there = { ...template, urn: urn(template.type, "other"), id: "lt-1", outputs: { arn: "arn" } };
    const settled = await settleInterruptedCreates("s", exported([template], [there]), async () => ({ id: "lt-1" }));
    expect(settled).toMatchObject({ deployment: { deployment: { resources: [there] } }, toRead: [] });
  });

  it.each([
    resource("aws:iam/rolePolicy:RolePolicy", "secrets", { role: "r", name: "secrets" }),
    resource("kubernetes:core/v1:Namespace", "shop"),
    resource("pulumi:providers:aws", "aws"),
    { ...resource("clustershift:cluster:Velero", "velero"), custom: false },
    resource("pulumi-nodejs:dynamic:Resource", "green"),
  ])("makes $type again without a look", async (create) => {
    const settled = await settleInterruptedCreates("s", exported([create]), nobody);
    expect(settled).toMatchObject({
      deployment: { deployment: { resources: [standing], pending_operations: [] } },
      toRead: [],
    });
  });

  it("asks again for one that was adopted, if it was killed right then", async () => {
    const adopted = { ...role, id: "prod-1-35-node" };
    expect(await settleInterruptedCreates("s", exported([], [standing, adopted]), nobody)).toEqual({
      deployment: undefined,
      toRead: [role.urn],
    });
  });

  it("names each of which nobody can tell, and what to do", async () => {
    const refused = await settleInterruptedCreates("prod", exported([role, vpc]), nobody).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(UserError);
    expect(refused).toMatchObject({
      code: "stack-unsettled",
      message: expect.stringMatching(/Stack prod was killed[\s\S]*\n {2}prod \(aws:ec2\/vpc:Vpc\)$/),
      fix: expect.stringContaining("pulumi refresh --stack prod"),
    });
  });
});
