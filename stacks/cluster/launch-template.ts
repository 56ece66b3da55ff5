import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import type * as pulumi from "@pulumi/pulumi";

export interface LaunchTemplateArgs {
  /** The instances' Name. */
  nodeName: string;
  keyArn: string;
  rootVolumeGiB: number;
  securityGroupIds: pulumi.Input<string>[];
  tags: Record<string, string>;
}

/** How each node of a group starts: metadata by IMDSv2 only, an encrypted root volume, and tags on all that it brings. */
export function launchTemplate(
  name: string,
  args: LaunchTemplateArgs,
  options: pulumi.CustomResourceOptions,
): LaunchTemplate {
  const tags = { ...args.tags, Name: args.nodeName };
  return new LaunchTemplate(
    name,
    {
      updateDefaultVersion: true,
      // With one hop pods can't reach the metadata, and so not the node's role; they have their own by Pod Identity.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: args.rootVolumeGiB,
            encrypted: "true",
            kmsKeyId: args.keyArn,
            deleteOnTermination: "true",
          },
        },
      ],
      vpcSecurityGroupIds: args.securityGroupIds,
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
    },
    options,
  );
}
