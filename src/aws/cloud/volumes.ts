import {
  DeleteVolumeCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Filter,
  type Volume,
} from "@aws-sdk/client-ec2";
import type { CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { tagsOf } from "../tags.js";
import { type KindApi, plainResource, removeBy } from "./kind.js";

export function volumesKind(client: EC2Client, call: Call): KindApi {
  const describe = (Filters: Filter[], resource: string) =>
    allPages(
      (NextToken) =>
        call({ action: "DescribeVolumes", resource }, () =>
          client.send(new DescribeVolumesCommand({ Filters, NextToken })),
        ),
      ({ Volumes, NextToken }) => ({ items: Volumes, next: NextToken }),
    );
  return {
    wholeList: true,
    list: async () => (await describe([], "volumes")).map(resourceOf),
    async read(id) {
      const [found] = await describe([{ Name: "volume-id", Values: [id] }], id);
      return found && resourceOf(found);
    },
    remove: (id) =>
      removeBy(call, "DeleteVolume", id, ["InvalidVolume.NotFound"], () =>
        client.send(new DeleteVolumeCommand({ VolumeId: id })),
      ),
  };
}

function resourceOf({ VolumeId: id = "", Attachments = [], State, Tags }: Volume): CloudResource {
  const users = Attachments.map(({ InstanceId = "" }) => ({ id: InstanceId, how: `is attached to ${InstanceId}` }));
  const isFree = State === "available" && users.length === 0;
  return {
    ...plainResource("volume", id, tagsOf(Tags)),
    users: isFree || users.length > 0 ? users : [{ id: "AWS", how: `is ${State}` }],
  };
}
