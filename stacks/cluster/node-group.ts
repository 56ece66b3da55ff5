import { NodeGroup as EksNodeGroup } from "@pulumi/aws/eks/nodeGroup.js";
import * as pulumi from "@pulumi/pulumi";
import type { GroupSettings } from "../settings/group-settings.js";
import { launchTemplate } from "./launch-template.js";
import type { GroupPart } from "./zone-spread.js";

export interface NodeGroupArgs {
  clusterName: pulumi.Input<string>;
  version: string;
  group: GroupSettings;
  /** Where its nodes go. */
  parts: GroupPart[];
  nodeRoleArn: pulumi.Input<string>;
  securityGroupIds: pulumi.Input<string>[];
  keyArn: string;
  tags: Record<string, string>;
  /** What must be there first. Said to each part: a component's own dependsOn doesn't reach what is in it. */
  after: pulumi.Resource[];
}

/** EKS spells effects its own way. */
const effects = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
} as const;

const images = { x86_64: "AL2023_x86_64_STANDARD", arm64: "AL2023_ARM_64_STANDARD" } as const;

/** The label by which clustershift, and selectors of pods, find a group's nodes in any cluster. */
const groupLabel = "clustershift.io/group";

/** A group of like nodes, as one EKS node group or as one a zone. */
export class NodeGroup extends pulumi.ComponentResource {
  constructor(name: string, args: NodeGroupArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:NodeGroup", name, {}, options);
    const { group } = args;
    const template = launchTemplate(
      name,
      {
        nodeName: name,
        keyArn: args.keyArn,
        rootVolumeGiB: group.rootVolumeGiB,
        securityGroupIds: args.securityGroupIds,
        tags: { ...args.tags, "clustershift:group": group.name },
      },
      { parent: this },
    );
    for (const part of args.parts)
      this.part(args, part, { id: template.id, version: pulumi.interpolate`${template.latestVersion}` });
    this.registerOutputs({});
  }

  private part(
    args: NodeGroupArgs,
    part: GroupPart,
    launchTemplate: { id: pulumi.Input<string>; version: pulumi.Input<string> },
  ) {
    const { group } = args;
    new EksNodeGroup(
      part.name,
      {
        clusterName: args.clusterName,
        version: args.version,
        nodeRoleArn: args.nodeRoleArn,
        subnetIds: part.subnetIds,
        amiType: images[group.architecture],
        capacityType: group.capacity === "spot" ? "SPOT" : "ON_DEMAND",
        instanceTypes: group.instanceTypes,
        launchTemplate,
        labels: { ...group.labels, [groupLabel]: group.name },
        taints: group.taints.map(({ key, value, effect }) => ({
          key,
          ...(value === undefined ? {} : { value }),
          effect: effects[effect],
        })),
        scalingConfig: { minSize: part.min, maxSize: part.max, desiredSize: part.desired },
        updateConfig: { maxUnavailable: 1 },
      },
      // How many there are now is an autoscaler's to say.
      { parent: this, dependsOn: args.after, ignoreChanges: ["scalingConfig.desiredSize"] },
    );
  }
}
