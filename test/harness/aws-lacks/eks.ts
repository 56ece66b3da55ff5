import type { Params } from "../aws-api/check.js";
import { violations } from "../aws-api/check.js";
import type { Call } from "../aws-api/client.js";
import { loadModel } from "../aws-api/model.js";
import { accessHandlers, newEntry } from "./eks-access.js";
import { addOnHandlers, versionHandlers } from "./eks-add-ons.js";
import { type ClusterState, type EksState, invalid, need, newCluster, newId } from "./eks-state.js";

/** What a handler knows of the cluster that a request names. */
interface Subject {
  cluster: ClusterState;
  /** Of Kubernetes: `1.35`. */
  kubernetes: string;
  arn(kind: string, name: string): string;
  /** The answer of what AWS does in its own time; here it is done. */
  update(type: string): Params;
}

/** By operation. What is returned is the operation's output. */
export type Handlers = Record<string, (subject: Subject, params: Params) => Params>;

const handlers: Handlers = { ...accessHandlers, ...addOnHandlers };

/** Where the API server of a cluster is really found: `https://…`, and base64 of its authority's PEM. */
export type EndpointOf = (clusterName: string) => { endpoint: string; certificate: string } | undefined;

export interface EksOptions {
  /** The emulator. */
  aws: Call;
  models: string;
  region: string;
  account: string;
  endpointOf: EndpointOf;
}

/**
 * EKS as it stands before the emulator, and in for what that lacks: add-ons, access entries and policies, pod identity
 * associations, versions of clusters and add-ons, and of clusters and node groups the members that it forgets. What the
 * emulator has is its own to answer, and is made whole here.
 */
export function standInForEks({ aws, models, region, account, endpointOf }: EksOptions) {
  const state: EksState = new Map();
  const arn = (kind: string, name: string) => `arn:aws:eks:${region}:${account}:${kind}/${name}`;
  const update = (type: string) => ({
    update: { id: newId(""), type, status: "Successful", params: [], errors: [] },
  });

  /** @throws AwsError */
  async function answer(operation: string, params: Params): Promise<Params> {
    const wrong = violations(loadModel(models, "eks"), operation, params);
    if (wrong.length > 0) throw invalid(wrong.join("; "));
    const free = versionHandlers[operation];
    if (free) return free(params);
    const handle = handlers[operation];
    if (!handle) return whole(operation, params);
    const name = String(params.clusterName);
    const kubernetes = String(((await aws("eks", "DescribeCluster", { name })).cluster as Params).version);
    const cluster = need(state.get(name), `cluster found for name: ${name}`);
    return handle({ cluster, kubernetes, arn, update }, params);
  }

  async function whole(operation: string, params: Params): Promise<Params> {
    const name = String(params.clusterName ?? params.name);
    if (operation === "TagResource" || operation === "UntagResource") return retag(operation, params);
    if (operation === "UpdateNodegroupVersion") {
      const group = need(
        state.get(name)?.nodeGroups.get(String(params.nodegroupName)),
        `node group ${params.nodegroupName}`,
      );
      Object.assign(group, { version: params.version ?? group.version, launchTemplate: params.launchTemplate });
      return update("VersionUpdate");
    }
    const { accessConfig, upgradePolicy, bootstrapSelfManagedAddons, ...known } = params;
    const told = await aws("eks", operation, operation === "CreateCluster" ? known : params);
    if (operation === "CreateCluster") {
      const { subnetIds = [] } = params.resourcesVpcConfig as { subnetIds?: string[] };
      state.set(name, newCluster({ accessConfig, upgradePolicy }, await makeSecurityGroup(name, subnetIds)));
    } else if (operation === "CreateNodegroup") {
      const { version, launchTemplate, updateConfig, nodeRole } = params;
      const cluster = need(state.get(name), `cluster ${name}`);
      cluster.nodeGroups.set(String(params.nodegroupName), { version, launchTemplate, updateConfig });
      // EKS lets nodes in by itself.
      if (!cluster.entries.has(String(nodeRole))) {
        const entry = newEntry(arn, { clusterName: name, principalArn: nodeRole, type: "EC2_LINUX", tags: {} });
        cluster.entries.set(String(nodeRole), { entry, policies: new Map() });
      }
    } else if (operation === "UpdateNodegroupConfig" && params.updateConfig !== undefined) {
      const group = need(state.get(name)?.nodeGroups.get(String(params.nodegroupName)), "node group");
      group.updateConfig = params.updateConfig;
    } else if (operation === "DeleteNodegroup") {
      state.get(name)?.nodeGroups.delete(String(params.nodegroupName));
      return told;
    } else if (operation === "DeleteCluster") {
      const GroupId = state.get(name)?.securityGroupId;
      state.delete(name);
      if (GroupId !== undefined) await aws("ec2", "DeleteSecurityGroup", { GroupId });
      return told;
    }
    return { ...told, ...completed(name, told) };
  }

  /** A cluster or node group with all that EKS would say of it. */
  function completed(name: string, told: Params): Params {
    const known = state.get(name);
    const cluster = told.cluster as Params | undefined;
    if (cluster && known) {
      const real = endpointOf(name);
      const vpc = { ...(cluster.resourcesVpcConfig as Params), clusterSecurityGroupId: known.securityGroupId };
      const found = real && { endpoint: real.endpoint, certificateAuthority: { data: real.certificate } };
      // The emulator gives all clusters of a region one issuer.
      const identity = { oidc: { issuer: `https://oidc.eks.${region}.amazonaws.com/id/${name.toUpperCase()}` } };
      return { cluster: { ...cluster, ...known.own, ...found, identity, resourcesVpcConfig: vpc } };
    }
    const group = told.nodegroup as Params | undefined;
    if (!group) return {};
    return { nodegroup: { ...group, ...known?.nodeGroups.get(String(group.nodegroupName)) } };
  }

  /** The emulator has the tags of clusters and node groups; the others' are here. */
  async function retag(operation: string, params: Params): Promise<Params> {
    const subject = [...state.values()]
      .flatMap((cluster) => [
        ...cluster.addOns.values(),
        ...cluster.associations.values(),
        ...[...cluster.entries.values()].map(({ entry }) => entry),
      ])
      .find((each) => [each.addonArn, each.associationArn, each.accessEntryArn].includes(params.resourceArn));
    if (!subject) return aws("eks", operation, params);
    const tags = { ...(subject.tags as object), ...(params.tags as object | undefined) } as Record<string, string>;
    for (const key of (params.tagKeys ?? []) as string[]) delete tags[key];
    subject.tags = tags;
    return {};
  }

  async function makeSecurityGroup(name: string, SubnetIds: string[]): Promise<string> {
    const { Subnets } = await aws("ec2", "DescribeSubnets", { SubnetIds });
    const [subnet] = (Subnets ?? []) as Params[];
    const { GroupId } = await aws("ec2", "CreateSecurityGroup", {
      GroupName: newId(`eks-cluster-sg-${name}-`),
      Description: "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
      VpcId: subnet?.VpcId,
      TagSpecifications: [{ ResourceType: "security-group", Tags: [{ Key: "aws:eks:cluster-name", Value: name }] }],
    });
    return String(GroupId);
  }

  return { answer, state };
}
