import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import type { CloudKind } from "../../model/cloud.js";
import type { Zone } from "../api.js";
import { createCall } from "../call.js";
import type { AwsEdges } from "../clients.js";
import { allPages, chunksOf } from "../pages.js";
import { type AwsSettings, clientSettings } from "../settings.js";
import { addressesKind } from "./addresses.js";
import { classicLoadBalancersKind } from "./classic-load-balancers.js";
import type { KindApi } from "./kind.js";
import { launchTemplatesKind } from "./launch-templates.js";
import { loadBalancersKind } from "./load-balancers.js";
import { describeInterfaces, networkInterfacesKind } from "./network-interfaces.js";
import { type SecurityGroupsKind, securityGroupsKind } from "./security-groups.js";
import { type SnapshotsKind, snapshotsKind } from "./snapshots.js";
import { targetGroupsKind } from "./target-groups.js";
import { volumesKind } from "./volumes.js";

/** What controllers of clusters make in a region, kind by kind. */
export interface Cloud {
  kinds: Record<Exclude<CloudKind, "record">, KindApi> & {
    "security-group": SecurityGroupsKind;
    snapshot: SnapshotsKind;
  };
  /** All hosted zones of the account. */
  zones(): Promise<Zone[]>;
  /** All that EC2 says of the interfaces of these instances: addresses of their Pods, groups, subnets. Raw, to look for ids in it. */
  interfacesOf(instanceIds: readonly string[]): Promise<unknown[]>;
  close(): void;
}

/** Route 53's old limit for an account. */
const zonesPerSecond = 5;

export function openCloud(aws: AwsSettings, edges: AwsEdges): Cloud {
  const { clock, monotonic = () => performance.now(), random = Math.random, timeoutMs } = edges;
  const settings = clientSettings(aws, timeoutMs);
  const ec2 = new EC2Client(settings);
  const elbv2 = new ElasticLoadBalancingV2Client(settings);
  const elb = new ElasticLoadBalancingClient(settings);
  const route53 = new Route53Client(settings);
  const { call } = createCall({ clock, now: monotonic, random });
  const rated = createCall({ perSecond: zonesPerSecond, clock, now: monotonic, random });
  return {
    kinds: {
      "load-balancer": loadBalancersKind(elbv2, call),
      "classic-load-balancer": classicLoadBalancersKind(elb, call),
      "target-group": targetGroupsKind(elbv2, call),
      "network-interface": networkInterfacesKind(ec2, call),
      address: addressesKind(ec2, call),
      "security-group": securityGroupsKind(ec2, call),
      "launch-template": launchTemplatesKind(ec2, call),
      volume: volumesKind(ec2, call),
      snapshot: snapshotsKind(ec2, call),
    },
    async zones() {
      const zones = await allPages(
        (Marker) =>
          rated.call({ action: "ListHostedZones", resource: "the account" }, () =>
            route53.send(new ListHostedZonesCommand({ Marker })),
          ),
        ({ HostedZones, NextMarker }) => ({ items: HostedZones, next: NextMarker }),
      );
      return zones.map(({ Id = "", Name = "", Config }) => ({
        id: Id.slice(Id.lastIndexOf("/") + 1),
        name: Name,
        private: Config?.PrivateZone ?? false,
      }));
    },
    async interfacesOf(instanceIds) {
      const found: unknown[] = [];
      for (const Values of chunksOf(instanceIds)) {
        found.push(...(await describeInterfaces(ec2, call, [{ Name: "attachment.instance-id", Values }])));
      }
      return found;
    },
    close() {
      for (const client of [ec2, elbv2, elb, route53]) client.destroy();
    },
  };
}
