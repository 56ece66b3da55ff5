import {
  DeleteNetworkInterfaceCommand,
  DescribeNetworkInterfacesCommand,
  type EC2Client,
  type Filter,
  type NetworkInterface,
} from "@aws-sdk/client-ec2";
import type { CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { tagsOf } from "../tags.js";
import { type KindApi, plainResource, removeBy } from "./kind.js";

/** All interfaces that the filters let through. */
export function describeInterfaces(client: EC2Client, call: Call, filters: Filter[] = []): Promise<NetworkInterface[]> {
  return allPages(
    (NextToken) =>
      call(
        {
          action: "DescribeNetworkInterfaces",
          resource: filters.flatMap(({ Values = [] }) => Values).join(", ") || "network interfaces",
        },
        () => client.send(new DescribeNetworkInterfacesCommand({ Filters: filters, NextToken })),
      ),
    ({ NetworkInterfaces, NextToken }) => ({ items: NetworkInterfaces, next: NextToken }),
  );
}

export function networkInterfacesKind(client: EC2Client, call: Call): KindApi {
  return {
    wholeList: true,
    list: async () => (await describeInterfaces(client, call)).map(resourceOf),
    async read(id) {
      const [found] = await describeInterfaces(client, call, [{ Name: "network-interface-id", Values: [id] }]);
      return found && resourceOf(found);
    },
    remove: (id) =>
      removeBy(call, "DeleteNetworkInterface", id, ["InvalidNetworkInterfaceID.NotFound"], () =>
        client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id })),
      ),
  };
}

function resourceOf(found: NetworkInterface): CloudResource {
  const { NetworkInterfaceId: id = "", Attachment, Status, Association, Description } = found;
  const to = Attachment?.InstanceId ?? Attachment?.InstanceOwnerId;
  const isFree = (Status === undefined || Status === "available") && !Attachment?.AttachmentId;
  const plain = plainResource("network-interface", id, tagsOf(found.TagSet));
  return {
    ...plain,
    name: plain.tags.Name || Description || id,
    aliases: [Association?.PublicIp, found.PrivateIpAddress].flatMap((each) => each ?? []),
    leadsTo: (found.Groups ?? []).map(({ GroupId = "" }) => GroupId),
    users: isFree ? [] : [{ id: to ?? "AWS", how: `is attached to ${to ?? `something (${Status})`}` }],
    ...(found.RequesterManaged && { held: `AWS manages it: ${Description || found.InterfaceType}` }),
  };
}
