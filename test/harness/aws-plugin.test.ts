import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureMoto } from "../../src/sandbox/binaries/moto.js";
import { modelsBeside } from "./aws-api/model.js";
import { startAwsWithEks } from "./aws-lacks/front.js";
import { awsPlugin } from "./aws-plugin/plugin.js";
import { startMoto } from "./moto.js";
import type { Plugin, Props } from "./plugin/plugin.js";

const region = "eu-west-1";
let plugin: Plugin;
let close: () => Promise<void>;

beforeAll(async () => {
  const models = modelsBeside(await ensureMoto());
  const moto = await startMoto();
  const account = "123456789012";
  const aws = await startAwsWithEks({ target: moto.endpoint, models, region, account, endpointOf: () => undefined });
  plugin = awsPlugin({ endpoint: aws.endpoint, models });
  await plugin.configure({ region, defaultTags: JSON.stringify({ tags: { team: "platform" } }) });
  close = async () => {
    await aws.close();
    await moto.stop();
  };
});
afterAll(() => close());

const vpcType = "aws:ec2/vpc:Vpc";

async function made(type: string, name: string, inputs: Props) {
  const checked = await plugin.check(type, name, inputs, undefined);
  return plugin.create(type, checked);
}

describe("the AWS plugin for tests", () => {
  it("makes, reads, changes and removes, with the provider's tags", async () => {
    const vpc = await made(vpcType, "prod", { cidrBlock: "10.0.0.0/16", tags: { Name: "prod" } });
    expect(vpc.outputs).toMatchObject({ cidrBlock: "10.0.0.0/16", tagsAll: { Name: "prod", team: "platform" } });
    expect(await plugin.read(vpcType, vpc.id, vpc.inputs, vpc.outputs)).toEqual(vpc);

    const wanted = await plugin.check(vpcType, "prod", { ...vpc.inputs, tags: { Name: "other" } }, vpc.inputs);
    expect(plugin.diff(vpcType, vpc.inputs, wanted)).toEqual({ changes: ["tags", "tagsAll"], replaces: [] });
    const changed = await plugin.update(vpcType, vpc.id, vpc.inputs, wanted);
    expect(changed.outputs.tagsAll).toEqual({ Name: "other", team: "platform" });

    await plugin.delete(vpcType, vpc.id, changed.inputs, changed.outputs);
    expect(await plugin.read(vpcType, vpc.id, vpc.inputs, vpc.outputs)).toBeUndefined();
  });

  it("says what can't be changed in place", () => {
    const [before, after] = [{ cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.1.0.0/16" }];
    expect(plugin.diff(vpcType, before, after)).toEqual({ changes: ["cidrBlock"], replaces: ["cidrBlock"] });
    const template = (id: string, version: string) => ({ launchTemplate: { id, version } });
    const groups = "aws:eks/nodeGroup:NodeGroup";
    expect(plugin.diff(groups, template("lt-1", "1"), template("lt-1", "2")).replaces).toEqual([]);
    expect(plugin.diff(groups, template("lt-1", "1"), template("lt-2", "1")).replaces).toEqual(["launchTemplate"]);
  });

  it("gives names of its own, and keeps them", async () => {
    const type = "aws:ec2/launchTemplate:LaunchTemplate";
    const { name } = await plugin.check(type, "nodes", {}, undefined);
    expect(name).toMatch(/^nodes-[0-9a-f]{7}$/);
    expect((await plugin.check(type, "nodes", {}, { name })).name).toBe(name);
  });

  it("sees what people changed by hand", async () => {
    const vpc = await made(vpcType, "drifted", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
    await plugin.update(vpcType, vpc.id, vpc.inputs, { ...vpc.inputs, enableDnsHostnames: false });
    const seen = await plugin.read(vpcType, vpc.id, vpc.inputs, vpc.outputs);
    expect(seen?.inputs).toEqual({ ...vpc.inputs, enableDnsHostnames: false });
  });

  it("fails where AWS would refuse the request, naming the member", async () => {
    const wrong = made("aws:iam/role:Role", "r", { name: "r".repeat(65), assumeRolePolicy: "{}" });
    await expect(wrong).rejects.toThrow(/CreateRole\.RoleName: 65 characters, and the most is 64/);
  });

  it("fails for an add-on version that doesn't fit the cluster", async () => {
    const vpc = await made(vpcType, "eks", { cidrBlock: "10.0.0.0/16" });
    const place = { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", availabilityZone: "eu-west-1a" };
    const subnet = await made("aws:ec2/subnet:Subnet", "a", place);
    const roleArn = "arn:aws:iam::123456789012:role/eks";
    const cluster = { name: "c-1-35", version: "1.35", roleArn, vpcConfig: { subnetIds: [subnet.id] } };
    await made("aws:eks/cluster:Cluster", "c", cluster);
    const addon = (addonVersion: string) =>
      made("aws:eks/addon:Addon", "dns", { clusterName: "c-1-35", addonName: "coredns", addonVersion });
    await expect(addon("v1.34.0-eksbuild.1")).rejects.toThrow(/InvalidParameterException: Addon version specified/);
    expect((await addon("v1.35.0-eksbuild.1")).id).toBe("c-1-35:coredns");
  });
});
