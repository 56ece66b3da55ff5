import {
  AcceptVpcPeeringConnectionCommand,
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateManagedPrefixListCommand,
  CreateNatGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  CreateVpcPeeringConnectionCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  type IpPermission,
  ReplaceNetworkAclAssociationCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";

export const region = "eu-central-1";
export const account = "123456789012";

/** Hands that plant things in the emulator as other people have them in AWS; each gives the new thing's id. */
export type Planter = ReturnType<typeof createPlanter>;

export function createPlanter(endpoint: string) {
  const settings = { region, endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const ec2 = new EC2Client(settings);
  const iam = new IAMClient(settings);
  const kms = new KMSClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const required = (id: string | undefined): string => {
    if (!id) throw new Error("the emulator made nothing");
    return id;
  };
  const planter = {
    vpc: async (CidrBlock: string) => required((await ec2.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId),
    async subnet(VpcId: string, CidrBlock: string, letter = "a") {
      const command = new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `${region}${letter}` });
      return required((await ec2.send(command)).Subnet?.SubnetId);
    },
    async internetGateway(VpcId: string) {
      const id = required((await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId);
      await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId }));
      return id;
    },
    /** A NAT gateway, with the address that it leaves by. */
    async nat(SubnetId: string) {
      const { AllocationId, PublicIp } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
      const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({ SubnetId, AllocationId }));
      return { id: required(NatGateway?.NatGatewayId), address: required(PublicIp) };
    },
    /** A table of these subnets, whose default route leads there. */
    async routes(VpcId: string, subnets: string[], routes: Record<string, object>) {
      const id = required((await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId);
      for (const [DestinationCidrBlock, way] of Object.entries(routes))
        await ec2.send(new CreateRouteCommand({ RouteTableId: id, DestinationCidrBlock, ...way }));
      for (const SubnetId of subnets) await ec2.send(new AssociateRouteTableCommand({ RouteTableId: id, SubnetId }));
      return id;
    },
    async peering(VpcId: string, PeerVpcId: string) {
      const made = await ec2.send(new CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId }));
      const id = required(made.VpcPeeringConnection?.VpcPeeringConnectionId);
      await ec2.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }));
      return id;
    },
    /** A group with these rules; what it lets out is nothing but `egress`, where that is given. */
    async group(
      VpcId: string,
      GroupName: string,
      {
        ingress = [],
        egress,
        tags = {},
      }: { ingress?: IpPermission[]; egress?: IpPermission[]; tags?: Record<string, string> } = {},
    ) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const made = await ec2.send(
        new CreateSecurityGroupCommand({
          ...{ VpcId, GroupName, Description: GroupName },
          ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: "security-group" as const, Tags }] }),
        }),
      );
      const GroupId = required(made.GroupId);
      if (ingress.length > 0)
        await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: ingress }));
      if (egress) {
        const everything = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
        await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: everything }));
        await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: egress }));
      }
      return GroupId;
    },
    async interface(SubnetId: string, group: string, Description: string) {
      await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups: [group], Description }));
    },
    /** A node; its private address too. */
    async node(SubnetId: string, SecurityGroupIds: string[], cluster: string, profile: string) {
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({
          ...{ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1, SubnetId, SecurityGroupIds },
          IamInstanceProfile: { Arn: profile },
          TagSpecifications: [
            { ResourceType: "instance", Tags: [{ Key: `kubernetes.io/cluster/${cluster}`, Value: "owned" }] },
          ],
        }),
      );
      return { id: required(Instances[0]?.InstanceId), address: required(Instances[0]?.PrivateIpAddress) };
    },
    async prefixList(name: string, ranges: string[]) {
      const made = await ec2.send(
        new CreateManagedPrefixListCommand({
          ...{ PrefixListName: name, MaxEntries: 10, AddressFamily: "IPv4" },
          Entries: ranges.map((Cidr) => ({ Cidr })),
        }),
      );
      return required(made.PrefixList?.PrefixListId);
    },
    /** An ACL of a subnet that allows TCP from a range. */
    async acl(VpcId: string, subnet: string, range: string, port: number) {
      const id = required((await ec2.send(new CreateNetworkAclCommand({ VpcId }))).NetworkAcl?.NetworkAclId);
      await ec2.send(
        new CreateNetworkAclEntryCommand({
          ...{ NetworkAclId: id, RuleNumber: 100, Protocol: "6", RuleAction: "allow", Egress: false },
          ...{ CidrBlock: range, PortRange: { From: port, To: port } },
        }),
      );
      const filters = [{ Name: "association.subnet-id", Values: [subnet] }];
      const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({ Filters: filters }));
      const before = NetworkAcls.flatMap(({ Associations = [] }) => Associations).find(
        ({ SubnetId }) => SubnetId === subnet,
      );
      await ec2.send(
        new ReplaceNetworkAclAssociationCommand({ AssociationId: before?.NetworkAclAssociationId, NetworkAclId: id }),
      );
      return id;
    },
    async endpoint(VpcId: string, service: string, options: object = {}) {
      const command = new CreateVpcEndpointCommand({
        ...{ VpcId, ServiceName: `com.amazonaws.${region}.${service}` },
        ...options,
      });
      return required((await ec2.send(command)).VpcEndpoint?.VpcEndpointId);
    },
    async issuer(host: string, cluster?: string) {
      const tags = cluster ? { Tags: [{ Key: "KubernetesCluster", Value: cluster }] } : {};
      await iam.send(
        new CreateOpenIDConnectProviderCommand({ Url: `https://${host}`, ThumbprintList: ["a".repeat(40)], ...tags }),
      );
      return `arn:aws:iam::${account}:oidc-provider/${host}`;
    },
    /** A role with these statements as its trust. */
    async role(RoleName: string, ...statements: object[]) {
      const AssumeRolePolicyDocument = documentOf(statements.map((each) => ({ Effect: "Allow", ...each })));
      return required((await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))).Role?.Arn);
    },
    /** A policy of a role's own. */
    async rolePolicy(RoleName: string, PolicyName: string, ...statements: object[]) {
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: documentOf(statements) }));
    },
    async profile(InstanceProfileName: string, RoleName: string) {
      const { InstanceProfile } = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
      await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
      return required(InstanceProfile?.Arn);
    },
    async bucket(Bucket: string, ...statements: object[]) {
      const place = { CreateBucketConfiguration: { LocationConstraint: region } } as const;
      await s3.send(new CreateBucketCommand({ Bucket, ...place }));
      if (statements.length > 0) await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: documentOf(statements) }));
    },
    async key(...statements: object[]) {
      const policy = statements.length > 0 ? { Policy: documentOf(statements) } : {};
      return required((await kms.send(new CreateKeyCommand(policy))).KeyMetadata?.Arn);
    },
    close() {
      for (const client of [ec2, iam, kms, s3]) client.destroy();
    },
  };
  return planter;
}

function documentOf(statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** TCP on a port, from groups or ranges. */
export function tcp(port: number, ...from: string[]): IpPermission {
  const of = (pattern: RegExp) => from.filter((each) => pattern.test(each));
  return {
    ...{ IpProtocol: "tcp", FromPort: port, ToPort: port },
    UserIdGroupPairs: of(/^sg-/).map((GroupId) => ({ GroupId })),
    IpRanges: of(/^\d/).map((CidrIp) => ({ CidrIp })),
    PrefixListIds: of(/^pl-/).map((PrefixListId) => ({ PrefixListId })),
  };
}
