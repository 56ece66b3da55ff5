import {
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { aliasOf, type CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { elbTags, targetsOf } from "./elb-parts.js";
import { ifThere, type KindApi, plainResource, removeBy } from "./kind.js";

/** What emulators answer for a load balancer that leads nowhere, where AWS's list is empty. */
const noGroups = ["TargetGroupNotFoundException", "TargetGroupNotFound"];
const gone = ["LoadBalancerNotFoundException", "LoadBalancerNotFound"];

/** Application, network and gateway load balancers. Listeners and rules go with them. */
export function loadBalancersKind(client: ElasticLoadBalancingV2Client, call: Call): KindApi {
  const describe = (arns?: string[]) =>
    allPages(
      (Marker) =>
        call({ action: "DescribeLoadBalancers", resource: arns?.join(", ") ?? "load balancers" }, () =>
          client.send(new DescribeLoadBalancersCommand({ ...(arns && { LoadBalancerArns: arns }), Marker })),
        ),
      ({ LoadBalancers, NextMarker }) => ({ items: LoadBalancers, next: NextMarker }),
    );
  const tagged = async (balancers: LoadBalancer[]): Promise<CloudResource[]> => {
    const tags = await elbTags(
      client,
      call,
      balancers.map(({ LoadBalancerArn = "" }) => LoadBalancerArn),
    );
    return balancers.map(({ LoadBalancerArn: arn = "", LoadBalancerName = "", DNSName = "", State }) => ({
      ...plainResource("load-balancer", arn, tags.get(arn) ?? {}),
      name: LoadBalancerName,
      aliases: [aliasOf(DNSName)],
      ...(State?.Code === "provisioning" && { held: "AWS is still making it" }),
    }));
  };
  return {
    wholeList: false,
    list: async () => tagged(await describe()),
    async read(id) {
      const found = await ifThere(gone, () => describe([id]));
      const [resource] = found ? await tagged(found) : [];
      if (!resource) return undefined;
      const answer = await ifThere(noGroups, () =>
        call({ action: "DescribeTargetGroups", resource: id }, () =>
          client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: id })),
        ),
      );
      const TargetGroups = answer?.TargetGroups ?? [];
      const targets = [];
      for (const { TargetGroupArn = "" } of TargetGroups)
        targets.push(...(await targetsOf(client, call, TargetGroupArn)));
      return {
        ...resource,
        leadsTo: [...TargetGroups.map(({ TargetGroupArn = "" }) => TargetGroupArn), ...targets.map(({ id: at }) => at)],
        users: targets
          .filter(({ healthy }) => healthy)
          .map(({ id: at }) => ({ id: at, how: `has a healthy target ${at}` })),
      };
    },
    remove: (id) =>
      removeBy(call, "DeleteLoadBalancer", id, gone, () =>
        client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: id })),
      ),
  };
}
