import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../../src/model/partition.js";
import { awsProvider, ownTags } from "../aws-provider.js";
import type { Eventual } from "../eventual.js";
import type { EksOutputs, FoundationOutputs } from "../outputs.js";
import type { ClusterSettings } from "../settings/cluster-settings.js";
import { Access } from "./access.js";
import { AddOns } from "./add-ons.js";
import { Admissions } from "./admissions.js";
import { ControlPlane } from "./control-plane.js";
import { requireFit } from "./fits-foundation.js";
import { Identities } from "./identities.js";
import { InCluster } from "./in-cluster/in-cluster.js";
import { kubeconfig } from "./kubeconfig.js";
import { NodeGroup } from "./node-group.js";
import { controlPlaneRole, nodeRole, podNetworkRole, volumeRole } from "./roles.js";
import { SyslogAccess } from "./syslog-access.js";
import { spreadOverZones } from "./zone-spread.js";

/** One cluster, of one colour: nothing in it is shared, so that it can be destroyed without touching anything else. */
export function cluster(settings: ClusterSettings, foundation: FoundationOutputs): Eventual<EksOutputs> {
  const { name, region, version } = settings;
  const { keyArn } = foundation;
  // What can be refused is refused here, before the first resource.
  requireFit(settings, foundation);
  const groups = settings.groups.map((group) => {
    const subnets = group.subnets === "public" ? foundation.publicSubnets : foundation.privateSubnets;
    return { group, parts: spreadOverZones(group, subnets) };
  });

  const options = { providers: { aws: awsProvider("cluster", settings) } };
  const partition = partitionOf(region);
  const roles = { partition, clusterName: name, keyArn };

  const node = nodeRole(roles, options);
  const control = new ControlPlane(
    name,
    {
      ...settings,
      keyArn,
      roleArn: controlPlaneRole(roles, options).arn,
      subnetIds: foundation.privateSubnets.map((subnet) => subnet.id),
    },
    options,
  );
  const clusterName = control.name;
  new Admissions(name, { admittedBy: settings.admittedBy, clusterGroupId: control.securityGroupId }, options);
  new Access(name, { clusterName, partition, access: settings.access }, options);
  const identities = new Identities(
    name,
    {
      ...settings,
      scope: { ...roles, backupBucket: foundation.backupBucket, zoneIds: foundation.hostedZones.map(({ id }) => id) },
      cluster: clusterName,
      issuerUrl: control.issuerUrl,
    },
    options,
  );

  const addOns = {
    clusterName,
    versions: settings.addOns,
    networkPolicy: settings.networkPolicy,
    roleArns: {
      "vpc-cni": podNetworkRole(roles, options).arn,
      "aws-ebs-csi-driver": volumeRole(roles, options).arn,
    },
  };
  const before = new AddOns(name, { ...addOns, when: "before-nodes", after: [] }, options);

  const syslog =
    settings.syslog === undefined
      ? undefined
      : new SyslogAccess(`${name}-syslog`, { vpcId: foundation.vpcId, ...settings.syslog }, options);
  const nodes = groups.map(({ group, parts }) => {
    const receives = syslog !== undefined && settings.syslog?.group === group.name;
    return new NodeGroup(
      `${name}-${group.name}`,
      {
        clusterName,
        version,
        group,
        keyArn,
        parts,
        nodeRoleArn: node.arn,
        securityGroupIds: [
          control.securityGroupId,
          ...(receives ? [syslog.securityGroupId] : []),
          ...settings.nodeSecurityGroupIds,
        ],
        tags: { ...settings.tags, ...ownTags("cluster", name) },
        after: [before],
      },
      options,
    );
  });
  const ready = new AddOns(`${name}-after`, { ...addOns, when: "after-nodes", after: nodes }, options);
  const access = pulumi
    .all([control.name, control.endpoint, control.certificate])
    .apply(([clusterName, endpoint, certificate]) => kubeconfig({ clusterName, region, endpoint, certificate }));
  const { backupBucket } = foundation;
  const { cluster } = control;
  new InCluster(name, { settings, kubeconfig: access, backupBucket, cluster, after: [ready, ...nodes] }, options);

  return {
    kubeconfig: access,
    context: control.name,
    version,
    groups: groups.map(({ group, parts }) => ({ name: group.name, zones: parts.flatMap((part) => part.zones) })),
    addresses: Object.fromEntries(
      Object.entries(settings.addresses).map(([own, reserved]) => [
        own,
        foundation.addresses[reserved]?.publicIp ?? "",
      ]),
    ),
    endpoint: control.endpoint,
    clusterName: control.name,
    region,
    securityGroupId: control.securityGroupId,
    nodeRoleArn: node.arn,
    issuerUrl: control.issuerUrl,
    roleArns: identities.roleArns,
  };
}
