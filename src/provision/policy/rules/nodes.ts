import { placesAt, shown, valueAt } from "../../paths.js";
import { anyOf, type Objection, type PolicyRule, ruleOf } from "../rule.js";

const template = "aws:ec2/launchTemplate:LaunchTemplate";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";

export const plainVolume: PolicyRule = {
  id: "plain-volume",
  refuses: "Volumes that aren't encrypted, of nodes or by themselves.",
  check: anyOf(
    ruleOf(template, (inputs) => {
      // Without a mapping the image's own volume is taken as it is.
      if (!Array.isArray(inputs.blockDeviceMappings) || inputs.blockDeviceMappings.length === 0)
        return [plain("blockDeviceMappings", inputs.blockDeviceMappings)];
      return placesAt(inputs, "blockDeviceMappings[*].ebs.encrypted")
        .filter(({ value }) => !isTrue(value))
        .map(({ path, value }) => plain(path, value));
    }),
    ruleOf("aws:ebs/volume:Volume", ({ encrypted }) => (isTrue(encrypted) ? [] : [plain("encrypted", encrypted)])),
    ruleOf("aws:ec2/instance:Instance", (inputs) => {
      const property = "rootBlockDevice.encrypted";
      const encrypted = valueAt(inputs, property);
      return isTrue(encrypted) ? [] : [plain(property, encrypted)];
    }),
  ),
};

function plain(property: string, value: unknown): Objection {
  return {
    property,
    why: `it is ${shown(value)}, so what is written is not encrypted`,
    whatToDo: "Set encrypted: true, with a KMS key.",
  };
}

/** Launch templates spell booleans as text. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

export const imdsV1: PolicyRule = {
  id: "imdsv1",
  refuses: "Nodes that answer IMDSv1: a request that a pod was tricked into gets the node's credentials.",
  check: anyOf(
    ruleOf(template, tokens),
    ruleOf("aws:ec2/instance:Instance", tokens),
    ruleOf(nodeGroup, ({ launchTemplate }) =>
      launchTemplate === undefined
        ? [
            {
              property: "launchTemplate",
              why: "there is none, so AWS's own is taken",
              whatToDo: "Give the group a launch template with metadataOptions.httpTokens: required.",
            },
          ]
        : [],
    ),
  ),
};

function tokens(inputs: Record<string, unknown>): Objection[] {
  const [property, answers] = ["metadataOptions.httpTokens", "metadataOptions.httpEndpoint"];
  const value = valueAt(inputs, property);
  if (value === "required" || valueAt(inputs, answers) === "disabled") return [];
  return [
    {
      property,
      why: `it is ${shown(value)}, and IMDSv1 is answered`,
      whatToDo: "Set metadataOptions.httpTokens: required.",
    },
  ];
}

/** What node groups start carries the template's tags alone: those of the provider don't reach it. */
const tagged = ["instance", "volume"];

export const untaggedNodes: PolicyRule = {
  id: "untagged-nodes",
  refuses: "Nodes or volumes without tags: nobody finds whose they are, and teardown can't know that they may go.",
  check: ruleOf(template, ({ tagSpecifications }) => {
    const specifications = (Array.isArray(tagSpecifications) ? tagSpecifications : []) as {
      resourceType?: string;
      tags?: object;
    }[];
    return tagged
      .filter((type) => {
        const tags = specifications.find(({ resourceType }) => resourceType === type)?.tags;
        return Object.keys(tags ?? {}).length === 0;
      })
      .map((type) => ({
        property: "tagSpecifications",
        why: `each ${type} would be without tags`,
        whatToDo: `Add a specification for ${type}.`,
      }));
  }),
};

export const singleZone: PolicyRule = {
  id: "single-zone",
  refuses: "Nodes in one subnet, and so in one zone, alone: a zone that fails takes all of them.",
  check: ruleOf(nodeGroup, (_inputs, change, all) => {
    const groups = all.filter(({ type, after }) => type === nodeGroup && after);
    // Said once, of the first.
    if (groups[0] !== change) return [];
    const subnets = new Set(groups.flatMap(({ after }) => placesAt(after, "subnetIds[*]").map(({ value }) => value)));
    if (subnets.size > 1) return [];
    return [
      {
        property: "subnetIds",
        why: `all ${groups.length} node groups together have ${subnets.size} subnet`,
        whatToDo: "Give the groups subnets of at least two zones.",
      },
    ];
  }),
};
