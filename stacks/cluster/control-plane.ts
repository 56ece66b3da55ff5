import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Cluster } from "@pulumi/aws/eks/cluster.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../settings/cluster-settings.js";

export interface ControlPlaneArgs
  extends Pick<ClusterSettings, "name" | "version" | "endpoint" | "logs" | "support" | "serviceCidr"> {
  roleArn: pulumi.Input<string>;
  keyArn: string;
  /** Where the control plane puts its interfaces: the private subnets, one a zone at least. */
  subnetIds: string[];
}

/** The EKS control plane: reached privately unless asked otherwise, its secrets encrypted, its logs kept. */
export class ControlPlane extends pulumi.ComponentResource {
  readonly cluster: Cluster;
  readonly name: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly certificate: pulumi.Output<string>;
  /** The group that EKS makes for control plane and nodes; what carries it may talk to both. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Who signs the tokens of service accounts: `https://…`. */
  readonly issuerUrl: pulumi.Output<string>;

  constructor(name: string, args: ControlPlaneArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:ControlPlane", name, {}, options);
    const inside = { parent: this };
    // EKS would make this group by itself, unencrypted and kept for ever.
    const logs = new LogGroup(
      name,
      { name: `/aws/eks/${args.name}/cluster`, retentionInDays: args.logs.retentionDays, kmsKeyId: args.keyArn },
      inside,
    );
    const cluster = new Cluster(
      name,
      {
        name: args.name,
        version: args.version,
        roleArn: args.roleArn,
        vpcConfig: {
          subnetIds: args.subnetIds,
          endpointPrivateAccess: true,
          endpointPublicAccess: args.endpoint.public,
          ...(args.endpoint.public ? { publicAccessCidrs: args.endpoint.publicCidrs } : {}),
        },
        accessConfig: {
          authenticationMode: "API",
          // Who may do what is said by access entries alone, and not by who happened to run this.
          bootstrapClusterCreatorAdminPermissions: false,
        },
        encryptionConfig: { provider: { keyArn: args.keyArn }, resources: ["secrets"] },
        enabledClusterLogTypes: args.logs.types,
        // Add-ons are managed ones; the self-managed that EKS would put in can't be removed by name later.
        bootstrapSelfManagedAddons: false,
        upgradePolicy: { supportType: args.support.toUpperCase() },
        ...(args.serviceCidr === undefined ? {} : { kubernetesNetworkConfig: { serviceIpv4Cidr: args.serviceCidr } }),
      },
      // A replaced control plane is a lost cluster: the fields that would replace it must fail instead.
      { ...inside, dependsOn: [logs], deleteBeforeReplace: false },
    );
    this.cluster = cluster;
    this.name = cluster.name;
    this.endpoint = cluster.endpoint;
    this.certificate = cluster.certificateAuthority.apply((authority) => authority.data ?? "");
    this.securityGroupId = cluster.vpcConfig.apply((vpc) => vpc.clusterSecurityGroupId ?? "");
    this.issuerUrl = cluster.identities.apply(([identity]) => identity?.oidcs?.[0]?.issuer ?? "");
    this.registerOutputs({ name: this.name });
  }
}
