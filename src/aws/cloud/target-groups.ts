import {
  DeleteTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { elbTags, targetsOf } from "./elb-parts.js";
import { ifThere, type KindApi, plainResource, removeBy } from "./kind.js";

const noBalancer = ["LoadBalancerNotFoundException", "LoadBalancerNotFound"];
const gone = ["TargetGroupNotFoundException", "TargetGroupNotFound"];

export function targetGroupsKind(client: ElasticLoadBalancingV2Client, call: Call): KindApi {
  const describe = (arns?: string[]) =>
    allPages(
      (Marker) =>
        call({ action: "DescribeTargetGroups", resource: arns?.join(", ") ?? "target groups" }, () =>
          client.send(new DescribeTargetGroupsCommand({ ...(arns && { TargetGroupArns: arns }), Marker })),
        ),
      ({ TargetGroups, NextMarker }) => ({ items: TargetGroups, next: NextMarker }),
    );
  const tagged = async (groups: TargetGroup[]): Promise<CloudResource[]> => {
    const tags = await elbTags(
      client,
      call,
      groups.map(({ TargetGroupArn = "" }) => TargetGroupArn),
    );
    return groups.map(({ TargetGroupArn: arn = "", TargetGroupName = "", LoadBalancerArns = [] }) => ({
      ...plainResource("target-group", arn, tags.get(arn) ?? {}),
      name: TargetGroupName,
      users: LoadBalancerArns.map((id) => ({ id, how: `gets traffic of ${id}` })),
    }));
  };
  /** A group goes on naming a load balancer for a while that was deleted just now. */
  const isThere = async (arn: string): Promise<boolean> => {
    const found = await ifThere(noBalancer, () =>
      call({ action: "DescribeLoadBalancers", resource: arn }, () =>
        client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })),
      ),
    );
    return found !== undefined;
  };
  return {
    wholeList: false,
    list: async () => tagged(await describe()),
    async read(id) {
      const found = await ifThere(gone, () => describe([id]));
      const [resource] = found ? await tagged(found) : [];
      if (!resource) return undefined;
      const users = [];
      for (const user of resource.users) if (await isThere(user.id)) users.push(user);
      const targets = await targetsOf(client, call, id);
      const answering = targets.filter(({ healthy }) => healthy);
      return {
        ...resource,
        leadsTo: targets.map(({ id: at }) => at),
        users: [...users, ...answering.map(({ id: at }) => ({ id: at, how: `has a healthy target ${at}` }))],
      };
    },
    remove: (id) =>
      removeBy(call, "DeleteTargetGroup", id, gone, () =>
        client.send(new DeleteTargetGroupCommand({ TargetGroupArn: id })),
      ),
  };
}
