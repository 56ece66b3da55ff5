import {
  DeleteLoadBalancerCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingClient,
  type LoadBalancerDescription,
} from "@aws-sdk/client-elastic-load-balancing";
import { aliasOf, type CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages, chunksOf } from "../pages.js";
import { tagsOf } from "../tags.js";
import { mostTagged } from "./elb-parts.js";
import { ifThere, type KindApi, plainResource, removeBy } from "./kind.js";

const gone = ["AccessPointNotFoundException", "LoadBalancerNotFound", "LoadBalancerNotFoundException"];

/** What a Service of type LoadBalancer got until the AWS Load Balancer Controller came. */
export function classicLoadBalancersKind(client: ElasticLoadBalancingClient, call: Call): KindApi {
  const describe = (names?: string[]) =>
    allPages(
      (Marker) =>
        call({ action: "DescribeLoadBalancers", resource: names?.join(", ") ?? "classic load balancers" }, () =>
          client.send(new DescribeLoadBalancersCommand({ ...(names && { LoadBalancerNames: names }), Marker })),
        ),
      ({ LoadBalancerDescriptions, NextMarker }) => ({ items: LoadBalancerDescriptions, next: NextMarker }),
    );
  const tagged = async (balancers: LoadBalancerDescription[]): Promise<CloudResource[]> => {
    const tags = await tagsByName(balancers.map(({ LoadBalancerName = "" }) => LoadBalancerName));
    return balancers.map(({ LoadBalancerName: name = "", DNSName = "", Instances = [] }) => ({
      ...plainResource("classic-load-balancer", name, tags.get(name) ?? {}),
      name,
      aliases: [aliasOf(DNSName)],
      leadsTo: Instances.map(({ InstanceId = "" }) => InstanceId),
    }));
  };
  const tagsByName = async (names: readonly string[]) => {
    const found = new Map<string, Record<string, string>>();
    for (const LoadBalancerNames of chunksOf(names, mostTagged)) {
      const { TagDescriptions = [] } = await call(
        { action: "DescribeTags", resource: LoadBalancerNames.join(", ") },
        () => client.send(new DescribeTagsCommand({ LoadBalancerNames })),
      );
      for (const { LoadBalancerName = "", Tags } of TagDescriptions) found.set(LoadBalancerName, tagsOf(Tags));
    }
    return found;
  };
  return {
    wholeList: false,
    list: async () => tagged(await describe()),
    async read(id) {
      const found = await ifThere(gone, () => describe([id]));
      const [resource] = found ? await tagged(found) : [];
      if (!resource || resource.leadsTo.length === 0) return resource;
      const { InstanceStates = [] } = await call({ action: "DescribeInstanceHealth", resource: id }, () =>
        client.send(new DescribeInstanceHealthCommand({ LoadBalancerName: id })),
      );
      const serving = InstanceStates.filter(({ State }) => State === "InService");
      return {
        ...resource,
        users: serving.map(({ InstanceId = "" }) => ({ id: InstanceId, how: `has a healthy target ${InstanceId}` })),
      };
    },
    remove: (id) =>
      removeBy(call, "DeleteLoadBalancer", id, gone, () =>
        client.send(new DeleteLoadBalancerCommand({ LoadBalancerName: id })),
      ),
  };
}
