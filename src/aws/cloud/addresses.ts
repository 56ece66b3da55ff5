import {
  type Address,
  DescribeAddressesCommand,
  type EC2Client,
  type Filter,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import type { CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { tagsOf } from "../tags.js";
import { type KindApi, plainResource, removeBy } from "./kind.js";

/** Elastic IPs. AWS gives them in one answer. */
export function addressesKind(client: EC2Client, call: Call): KindApi {
  const describe = async (Filters: Filter[], resource: string) => {
    const { Addresses = [] } = await call({ action: "DescribeAddresses", resource }, () =>
      client.send(new DescribeAddressesCommand({ Filters })),
    );
    return Addresses.map(resourceOf);
  };
  return {
    wholeList: true,
    list: () => describe([], "addresses"),
    read: async (id) => (await describe([{ Name: "allocation-id", Values: [id] }], id))[0],
    remove: (id) =>
      removeBy(call, "ReleaseAddress", id, ["InvalidAllocationID.NotFound"], () =>
        client.send(new ReleaseAddressCommand({ AllocationId: id })),
      ),
  };
}

function resourceOf({ AllocationId: id = "", PublicIp = "", Tags, ...address }: Address): CloudResource {
  const to = address.InstanceId || address.NetworkInterfaceId;
  const isFree = !address.AssociationId && !to;
  const plain = plainResource("address", id, tagsOf(Tags));
  return {
    ...plain,
    name: plain.tags.Name ? `${plain.tags.Name} (${PublicIp})` : PublicIp,
    aliases: [PublicIp],
    users: isFree ? [] : [{ id: to || "AWS", how: `is associated with ${to || address.AssociationId}` }],
  };
}
