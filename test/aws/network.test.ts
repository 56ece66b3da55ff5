import {
  AssociateRouteTableCommand,
  AssociateVpcCidrBlockCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, describe, expect, it } from "vitest";
import { awsClients } from "../../src/aws/clients.js";
import { virtualClock } from "./clock.js";
import { openTestAws } from "./moto.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`networks${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  const region = "eu-central-1";
  const aws = awsClients({ region, endpoint: opened.front.endpoint }, { clock: virtualClock() });
  const seeding = new EC2Client({ region, endpoint: opened.front.internalEndpoint });
  afterAll(async () => {
    aws.close();
    seeding.destroy();
    await opened.close();
  });

  /** A VPC of two ranges: a subnet of its own routes to the internet, one that isn't, each in a zone. */
  async function seed(tag: string) {
    const { Vpc } = await seeding.send(new CreateVpcCommand({ CidrBlock: "172.20.0.0/16" }));
    const vpcId = Vpc?.VpcId ?? "";
    await seeding.send(new CreateTagsCommand({ Resources: [vpcId], Tags: [{ Key: "KubernetesCluster", Value: tag }] }));
    await seeding.send(new AssociateVpcCidrBlockCommand({ VpcId: vpcId, CidrBlock: "10.9.0.0/16" }));
    const ids: string[] = [];
    for (const [index, letter] of ["a", "b"].entries()) {
      const { Subnet } = await seeding.send(
        new CreateSubnetCommand({
          VpcId: vpcId,
          AvailabilityZone: `${region}${letter}`,
          CidrBlock: `172.20.${32 * (index + 1)}.0/19`,
        }),
      );
      ids.push(Subnet?.SubnetId ?? "");
    }
    const { InternetGateway } = await seeding.send(new CreateInternetGatewayCommand({}));
    const gateway = InternetGateway?.InternetGatewayId ?? "";
    await seeding.send(new AttachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: vpcId }));
    const { RouteTable } = await seeding.send(new CreateRouteTableCommand({ VpcId: vpcId }));
    const table = RouteTable?.RouteTableId ?? "";
    await seeding.send(
      new CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", GatewayId: gateway }),
    );
    await seeding.send(new AssociateRouteTableCommand({ RouteTableId: table, SubnetId: ids[1] ?? "" }));
    return { vpcId, subnetIds: ids };
  }

  it("are found by id and by tag, with each subnet's zone, and whether its routes lead out", async () => {
    const { vpcId, subnetIds } = await seed("blue.found.example");
    const expected = {
      vpcId,
      cidrs: ["172.20.0.0/16", "10.9.0.0/16"],
      subnets: expect.arrayContaining([
        { id: subnetIds[0], zone: "eu-central-1a", public: false },
        { id: subnetIds[1], zone: "eu-central-1b", public: true },
      ]),
    };
    expect(await aws.network.find({ vpcId })).toEqual(expected);
    expect(await aws.network.find({ tags: { KubernetesCluster: "blue.found.example" } })).toEqual(expected);
  });

  it("are told by what stands in them", async () => {
    const { vpcId, subnetIds } = await seed("blue.instance.example");
    const { Instances = [] } = await seeding.send(
      new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1, SubnetId: subnetIds[0] ?? "" }),
    );
    expect(await aws.network.vpcOf(Instances[0]?.InstanceId ?? "")).toBe(vpcId);
    expect(await aws.network.vpcOf("i-00000000000000000")).toBeUndefined();
  });

  it("are not guessed: none, or several of a tag", async () => {
    expect(await aws.network.find({ vpcId: "vpc-00000000" })).toBeUndefined();
    expect(await aws.network.find({ tags: { KubernetesCluster: "nobody" } })).toBeUndefined();
    await seed("twice");
    await seed("twice");
    expect(await aws.network.find({ tags: { KubernetesCluster: "twice" } })).toBeUndefined();
  });
});
