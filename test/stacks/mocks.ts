import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import type { StackProgram } from "../../stacks/program.js";

/** A resource as Pulumi would have made it. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  protect: boolean;
  ignoreChanges: string[];
  /** URN of what it is a part of. */
  parent: string;
  provider: string;
  /** URN of what takes it along when it is destroyed. */
  deletedWith: string;
  dependsOn: string[];
}

export interface MockRun {
  resources: Registered[];
  outputs: unknown;
  /** Those of a type, by the end of its name: `eks/nodeGroup:NodeGroup`. */
  ofType(type: string): Registered[];
  one(type: string, name?: string): Registered;
}

export interface World {
  /** Outputs of other stacks, by the stack's name. */
  stacks?: Record<string, Record<string, unknown>>;
  /** Networks that are there. */
  vpcs?: { id: string; tags?: Record<string, string> }[];
  subnets?: { id: string; vpcId: string; zone: string; tags?: Record<string, string> }[];
  /** NAT gateways by id: the VPC, and the public address where there is one. */
  natGateways?: Record<string, { vpcId: string; publicIp: string }>;
  /** Where to put what is made, for programs that fail. */
  made?: Registered[];
}

/** Runs a program against Pulumi's own mocks: nothing is made, and everything that would be is told. */
export async function runWithMocks(program: StackProgram, world: World = {}): Promise<MockRun> {
  const resources = world.made ?? [];
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs }) {
      if (type === "pulumi:pulumi:StackReference") {
        const outputs = world.stacks?.[inputs.name] ?? {};
        return { id: inputs.name, state: { ...inputs, outputs, secretOutputNames: [] } };
      }
      return { id: `${name}-id`, state: { ...inputs, ...computed(type, name) } };
    },
    call({ token, inputs }) {
      if (token === "aws:ec2/getSubnet:getSubnet") {
        return { ...inputs, availabilityZone: world.subnets?.find(({ id }) => id === inputs.id)?.zone ?? "nowhere" };
      }
      if (token === "aws:ec2/getVpcs:getVpcs") {
        const found = (world.vpcs ?? []).filter(({ id, tags }) => fits(inputs.filters, { "vpc-id": id }, tags));
        return { ids: found.map(({ id }) => id) };
      }
      if (token === "aws:ec2/getSubnets:getSubnets") {
        const found = (world.subnets ?? []).filter(({ id, vpcId, tags }) =>
          fits(inputs.filters, { "vpc-id": vpcId, "subnet-id": id }, tags),
        );
        return { ids: found.map(({ id }) => id) };
      }
      if (token === "aws:ec2/getNatGateways:getNatGateways") {
        const found = Object.entries(world.natGateways ?? {}).filter(([, { vpcId }]) => vpcId === inputs.vpcId);
        return { ids: found.map(([id]) => id) };
      }
      if (token === "aws:ec2/getNatGateway:getNatGateway") return { ...inputs, ...world.natGateways?.[inputs.id] };
      if (token === "aws:ec2/getVpc:getVpc") return { ...inputs, cidrBlock: "172.20.0.0/16" };
      if (token === "aws:route53/getZone:getZone")
        return { ...inputs, zoneId: `Z-${inputs.name}-${inputs.privateZone}` };
      if (token === "aws:index/getCallerIdentity:getCallerIdentity") return { accountId: "123456789012" };
      throw new Error(`the mocks don't know ${token}`);
    },
  });
  recordRequests(resources);
  let outputs: unknown;
  try {
    const returned = await program();
    outputs = await new Promise((resolve) => pulumi.output(returned).apply(resolve));
  } finally {
    // Resources that no output depends on are still on their way.
    await pulumi.runtime.disconnect();
  }
  const ofType = (type: string) => resources.filter((resource) => resource.type.endsWith(type));
  return {
    resources,
    outputs,
    ofType,
    one(type, name) {
      const found = ofType(type).filter((resource) => name === undefined || resource.name === name);
      const [first] = found;
      if (first === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${name ?? ""}`);
      return first;
    },
  };
}

/** EC2's filters: each must hold, by one of its values. */
function fits(
  filters: { name: string; values: string[] }[],
  fields: Record<string, string>,
  tags: Record<string, string> = {},
): boolean {
  const said = (name: string) => (name.startsWith("tag:") ? tags[name.slice("tag:".length)] : fields[name]);
  return filters.every(({ name, values }) => values.includes(said(name) ?? ""));
}

/** Mocks are told a resource's inputs alone; its options are in the request that the mock monitor gets. */
function recordRequests(resources: Registered[]): void {
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!(monitor instanceof MockMonitor)) throw new Error("the mocks are not set");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    resources.push({
      type: request.getType(),
      name: request.getName(),
      inputs: pulumi.runtime.deserializeProperties(request.getObject()),
      protect: request.getProtect(),
      ignoreChanges: request.getIgnorechangesList(),
      parent: request.getParent(),
      provider: request.getProvider(),
      deletedWith: request.getDeletedwith(),
      dependsOn: request.getDependenciesList(),
    });
    return register(request, callback);
  };
}

/** What AWS would say of a new resource. */
function computed(type: string, name: string): Record<string, unknown> {
  const arn = `arn:aws:mock::123456789012:${type.split(":").at(-1)}/${name}`;
  if (type.endsWith(":Eip")) return { allocationId: `eipalloc-${name}`, publicIp: `198.51.100.${name.length}` };
  if (type.endsWith(":Bucket")) return { arn: `arn:aws:s3:::${name}`, bucket: name };
  if (type.endsWith(":LaunchTemplate")) return { latestVersion: 7 };
  if (type.endsWith("eks/cluster:Cluster")) {
    return {
      arn,
      endpoint: `https://${name}.eks.example`,
      certificateAuthority: { data: "Q0E=" },
      vpcConfig: { clusterSecurityGroupId: "sg-cluster" },
      identities: [{ oidcs: [{ issuer: `https://oidc.eks.example/id/${name}` }] }],
    };
  }
  return { arn };
}
