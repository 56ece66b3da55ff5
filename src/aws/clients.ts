import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Route53Client } from "@aws-sdk/client-route-53";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Clock } from "../model/clock.js";
import type { AwsApi } from "./api.js";
import { createCall } from "./call.js";
import { createEc2 } from "./ec2.js";
import { createElbv2 } from "./elbv2.js";
import { createNetwork, type NetworkApi } from "./network.js";
import { createProbes } from "./probes.js";
import { createRoute53 } from "./route53.js";
import { type AwsSettings, clientSettings } from "./settings.js";

export type { AwsSettings } from "./settings.js";

export interface AwsEdges {
  clock: Clock;
  /** Milliseconds of a clock that only goes forward, for the meter. Default: performance.now. */
  monotonic?: () => number;
  random?: () => number;
  /** Milliseconds after which a call that nobody answers is given up. Default: 30 s. */
  timeoutMs?: number;
}

/** Route 53's old limit for an account; since 2026-07-30 it is twice that. */
const route53PerSecond = 5;

export function awsClients(aws: AwsSettings, edges: AwsEdges): AwsApi & { network: NetworkApi; close(): void } {
  const { clock, monotonic = () => performance.now(), random = Math.random, timeoutMs } = edges;
  const settings = clientSettings(aws, timeoutMs);
  const route53Client = new Route53Client(settings);
  const ec2Client = new EC2Client(settings);
  const elbv2Client = new ElasticLoadBalancingV2Client(settings);
  const stsClient = new STSClient(settings);
  const rated = createCall({ perSecond: route53PerSecond, clock, now: monotonic, random });
  const unrated = createCall({ clock, now: monotonic, random });
  return {
    route53: createRoute53(route53Client, rated.call, clock, aws.region),
    ec2: createEc2(ec2Client, unrated.call),
    elbv2: createElbv2(elbv2Client, unrated.call),
    network: createNetwork(ec2Client, unrated.call),
    probes: createProbes({ route53: route53Client, ec2: ec2Client }, { route53: rated.call, ec2: unrated.call }),
    async identity() {
      const { Account = "", Arn = "" } = await unrated.call(
        { action: "GetCallerIdentity", resource: "the credentials" },
        () => stsClient.send(new GetCallerIdentityCommand({})),
      );
      return { account: Account, arn: Arn };
    },
    meter: {
      ms: () => rated.meter.ms() + unrated.meter.ms(),
      actions: () => ({ ...rated.meter.actions(), ...unrated.meter.actions() }),
    },
    close() {
      for (const client of [route53Client, ec2Client, elbv2Client, stsClient]) client.destroy();
    },
  };
}
