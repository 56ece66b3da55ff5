import type { Props } from "../../plugin/plugin.js";
import { type Kind, listOf, orGone, partOf } from "../kind.js";
import { fromTagList, retag, tagged, tagList } from "../tags.js";

/** Imported by its id. */
const launchTemplate: Kind = {
  replacedBy: ["name"],
  named: { property: "name", longest: 128 },
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("ec2", "CreateLaunchTemplate", {
      LaunchTemplateName: inputs.name,
      LaunchTemplateData: dataOf(inputs),
      ...tagged("launch-template", inputs),
    });
    return String(partOf(made, "LaunchTemplate").LaunchTemplateId);
  },
  async read({ call, region, account }, id, inputs) {
    const found = await orGone(call("ec2", "DescribeLaunchTemplates", { LaunchTemplateIds: [id] }));
    const [live] = listOf(found, "LaunchTemplates");
    if (!live) return undefined;
    const answer = await call("ec2", "DescribeLaunchTemplateVersions", { LaunchTemplateId: id, Versions: ["$Latest"] });
    const [latest] = listOf(answer, "LaunchTemplateVersions");
    const data = partOf(latest, "LaunchTemplateData");
    const same = plainOf(data) === plainOf(dataOf(inputs));
    return {
      arn: `arn:aws:ec2:${region}:${account}:launch-template/${id}`,
      name: live.LaunchTemplateName,
      latestVersion: live.LatestVersionNumber,
      defaultVersion: live.DefaultVersionNumber,
      // The data comes back in another order and with other blanks; what differs is shown as AWS has it.
      ...(same ? {} : { differs: data }),
      tagsAll: fromTagList(live.Tags),
    };
  },
  async update(aws, id, before, after) {
    await retag(aws, id, before, after);
    const made = await aws.call("ec2", "CreateLaunchTemplateVersion", {
      LaunchTemplateId: id,
      LaunchTemplateData: dataOf(after),
    });
    if (!after.updateDefaultVersion) return;
    const DefaultVersion = String(partOf(made, "LaunchTemplateVersion").VersionNumber);
    await aws.call("ec2", "ModifyLaunchTemplate", { LaunchTemplateId: id, DefaultVersion });
  },
  async delete({ call }, id) {
    await orGone(call("ec2", "DeleteLaunchTemplate", { LaunchTemplateId: id }));
  },
};

interface Device {
  deviceName: string;
  ebs: Props;
}

function dataOf(inputs: Props): Props {
  const { metadataOptions, blockDeviceMappings, vpcSecurityGroupIds, tagSpecifications } = inputs;
  const specifications = (tagSpecifications ?? []) as { resourceType: string; tags: Record<string, string> }[];
  return {
    MetadataOptions: capitalised((metadataOptions ?? {}) as Props),
    BlockDeviceMappings: ((blockDeviceMappings ?? []) as Device[]).map(({ deviceName, ebs }) => ({
      DeviceName: deviceName,
      Ebs: {
        ...capitalised(ebs),
        // Words in Pulumi, since they may be left out.
        Encrypted: ebs.encrypted === "true",
        DeleteOnTermination: ebs.deleteOnTermination === "true",
      },
    })),
    SecurityGroupIds: vpcSecurityGroupIds,
    TagSpecifications: specifications.map(({ resourceType, tags }) => ({
      ResourceType: resourceType,
      Tags: tagList(tags),
    })),
  };
}

function capitalised(values: Props): Props {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.slice(0, 1).toUpperCase() + key.slice(1), value]),
  );
}

/** Two ways to write the same data are one text: order of keys, and numbers that come back as words. */
function plainOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === "number" || typeof each === "boolean") return String(each);
    if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort());
  });
}

export const launchTemplates: Record<string, Kind> = { "aws:ec2/launchTemplate:LaunchTemplate": launchTemplate };
