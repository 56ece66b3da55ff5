import {
  DeleteLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  type EC2Client,
  type Filter,
  type LaunchTemplate,
} from "@aws-sdk/client-ec2";
import type { CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { tagsOf } from "../tags.js";
import { type KindApi, plainResource, removeBy } from "./kind.js";

/** EC2's own tag on what was started by one. */
const startedBy = "aws:ec2launchtemplate:id";

export function launchTemplatesKind(client: EC2Client, call: Call): KindApi {
  const describe = (Filters: Filter[], resource: string) =>
    allPages(
      (NextToken) =>
        call({ action: "DescribeLaunchTemplates", resource }, () =>
          client.send(new DescribeLaunchTemplatesCommand({ Filters, NextToken })),
        ),
      ({ LaunchTemplates, NextToken }) => ({ items: LaunchTemplates, next: NextToken }),
    );
  const instancesOf = async (id: string) => {
    const reservations = await allPages(
      (NextToken) =>
        call({ action: "DescribeInstances", resource: `instances of ${id}` }, () =>
          client.send(
            new DescribeInstancesCommand({ Filters: [{ Name: `tag:${startedBy}`, Values: [id] }], NextToken }),
          ),
        ),
      ({ Reservations, NextToken }) => ({ items: Reservations, next: NextToken }),
    );
    return reservations
      .flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name !== "terminated")
      .map(({ InstanceId = "" }) => ({ id: InstanceId, how: `started ${InstanceId}` }));
  };
  return {
    wholeList: false,
    list: async () => (await describe([], "launch templates")).map(resourceOf),
    async read(id) {
      // There is no filter for ids, and asking for an unknown one is an error.
      const found = (await describe([], id)).find(({ LaunchTemplateId }) => LaunchTemplateId === id);
      return found && { ...resourceOf(found), users: await instancesOf(id) };
    },
    remove: (id) =>
      removeBy(
        call,
        "DeleteLaunchTemplate",
        id,
        ["InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateName.NotFoundException"],
        () => client.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })),
      ),
  };
}

function resourceOf({ LaunchTemplateId: id = "", LaunchTemplateName = "", Tags }: LaunchTemplate): CloudResource {
  return { ...plainResource("launch-template", id, tagsOf(Tags)), name: LaunchTemplateName };
}
