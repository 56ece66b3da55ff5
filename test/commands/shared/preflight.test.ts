import {
  CreateNatGatewayCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openEks } from "../../../src/aws/eks.js";
import type { Context } from "../../../src/commands/shared/command.js";
import { preflightOf } from "../../../src/commands/shared/preflight.js";
import type { Project } from "../../../src/commands/shared/project.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { virtualClock } from "../../aws/clock.js";
import { openTestAws } from "../../aws/moto.js";
import { type PreflightWorld, preflightAnswers } from "../../harness/preflight-answers.js";
import { rawCluster } from "../../stacks/settings-fixtures.js";

const opened = await openTestAws();
const addOnNames = [
  "vpc-cni",
  "kube-proxy",
  "eks-pod-identity-agent",
  "coredns",
  "aws-ebs-csi-driver",
  "metrics-server",
  "snapshot-controller",
];

describe.skipIf("missing" in opened)(
  `what AWS is asked before green stands${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  () => {
    if ("missing" in opened) return;
    const region = "eu-west-1";
    const { front } = opened;
    const seeding = new EC2Client({ region, endpoint: front.internalEndpoint });
    afterAll(async () => {
      seeding.destroy();
      await opened.close();
    });
    const world: PreflightWorld = {
      quota: 32,
      versions: { "1.35": { versionStatus: "STANDARD_SUPPORT", endOfStandardSupportDate: 1_900_000_000 } },
      addOns: Object.fromEntries(addOnNames.map((name) => [name, ["v1.0.0-eksbuild.1", "v0.9.0-eksbuild.1"]])),
      denied: ["iam:PassRole"],
      installed: {
        coredns: { status: "ACTIVE" },
        "vpc-cni": { status: "DEGRADED", issues: [{ code: "ConfigurationConflict", message: "aws-node" }] },
      },
    };
    beforeEach(() => {
      front.faults.length = 0;
      front.faults.push(preflightAnswers(world));
    });

    const pod = (name: string, extra: object = {}): KubeObject => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop" },
      spec: { containers: [{ image: "127.0.0.1:9/shop/web:1" }], ...extra },
      status: { phase: "Running" },
    });

    async function ask(settings: object, objects: KubeObject[] = [], signal = new AbortController().signal) {
      const { name: _name, version: _version, ...rest } = rawCluster(settings);
      const green = { name: "prod-1-35", version: "1.35", stack: { kind: "eks", settings: rest } };
      const traffic = {
        ...{ route53: [], elasticIps: [], loadBalancers: [] },
        ...{ marks: "leave", analysis: [], leftover: { sources: [] } },
      };
      const aws = { region, endpoint: front.endpoint };
      const idle = { workloads: { exclusive: { rules: [] } }, volumes: { rules: [] } };
      const config = { blue: { name: "prod-1-24" }, green, traffic, aws, record: {}, ...idle };
      const clock = virtualClock();
      const edges = { now: () => new Date(clock.now()), sleep: clock.sleep, random: Math.random, signal };
      const context = { edges, progress: { line() {} } } as unknown as Context;
      return preflightOf({ config } as unknown as Project, objects, context);
    }

    /** A network with a subnet in each zone of the settings' foundation, of which a.../28 has eleven free addresses. */
    async function network() {
      const { Vpc } = await seeding.send(new CreateVpcCommand({ CidrBlock: "10.77.0.0/16" }));
      const ids = await Promise.all(
        ["a", "b"].map(async (letter, index) => {
          const { Subnet } = await seeding.send(
            new CreateSubnetCommand({
              VpcId: Vpc?.VpcId,
              AvailabilityZone: `${region}${letter}`,
              CidrBlock: `10.77.${index}.0/28`,
            }),
          );
          return { id: Subnet?.SubnetId ?? "", zone: `${region}${letter}` };
        }),
      );
      return ids;
    }

    it("is nothing for a green that isn't EKS's", async () => {
      const config = { green: { stack: { kind: "sandbox" } } };
      expect(await preflightOf({ config } as unknown as Project, [], {} as Context)).toBeUndefined();
    });

    it("counts what is used and what green adds, and hears of versions, add-ons and permissions", async () => {
      const subnets = await network();
      await seeding.send(
        new RunInstancesCommand({
          ImageId: "ami-12c6146b",
          InstanceType: "m5.xlarge",
          MinCount: 2,
          MaxCount: 2,
          SubnetId: subnets[0]?.id,
        }),
      );
      await seeding.send(new CreateNatGatewayCommand({ SubnetId: subnets[0]?.id, ConnectivityType: "private" }));
      const foundation = { ...rawCluster().foundation, privateSubnets: subnets };
      const groups = [{ name: "nodes", min: 3, max: 6, instanceTypes: ["m5.xlarge"], volumes: true }];
      const preflight = await ask({ foundation, groups }, [pod("a"), pod("b", { hostNetwork: true })]);
      expect(preflight?.unasked).toEqual([]);
      const byWhat = Object.fromEntries(
        (preflight?.quotas ?? []).map(({ what, limit, used, adds }) => [what, { limit, used, adds }]),
      );
      expect(byWhat).toEqual({
        "EC2 vCPUs, on demand, standard families": { limit: 32, used: 8, adds: 24 },
        "EKS clusters": { limit: 32, used: 0, adds: 1 },
        "EKS node groups of a cluster": { limit: 32, used: 0, adds: 2 },
        "nodes of an EKS node group": { limit: 32, used: 0, adds: 3 },
        "Elastic IPs": { limit: 32, used: expect.any(Number), adds: 0 },
        "NAT gateways of a zone": { limit: 32, used: 1, adds: 0 },
      });
      expect(preflight?.version).toMatchObject({
        minor: "1.35",
        offer: { status: "STANDARD_SUPPORT", standardUntil: "2030-03-17T17:46:40.000Z", extendedUntil: null },
      });
      expect(preflight?.addOns?.offers).toContainEqual({
        name: "coredns",
        versions: ["v1.0.0-eksbuild.1", "v0.9.0-eksbuild.1"],
        usual: "v1.0.0-eksbuild.1",
      });
      expect(preflight?.addOns?.wanted.coredns).toBe("default");
      expect(preflight?.permissions?.actions).toEqual([
        { action: "iam:PassRole", on: "*", isAllowed: false },
        { action: "eks:CreateCluster", on: "*", isAllowed: true },
      ]);
      expect(preflight?.subnets).toEqual({
        needed: 1,
        subnets: expect.arrayContaining(subnets.map((each) => ({ ...each, free: expect.any(Number) }))),
      });
      expect(preflight?.registries).toEqual([{ host: "127.0.0.1:9", answer: null, why: expect.stringMatching(/\w/) }]);
    }, 60_000);

    it("says what it could not ask, and why, and asks the rest", async () => {
      const denied = `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>`;
      front.faults.unshift(({ service }) =>
        service === "iam" ? { kind: "answer", when: "before", status: 403, body: denied } : undefined,
      );
      const preflight = await ask({ foundation: "organization/clustershift/prod-foundation" });
      expect(preflight?.unasked).toEqual([
        {
          what: "free addresses of green's subnets (ec2:DescribeSubnets)",
          why: expect.stringMatching(/known to Pulumi alone/),
        },
        {
          what: "which actions are allowed (iam:SimulatePrincipalPolicy, iam:GetRole)",
          why: expect.stringMatching(/AccessDenied: not you/),
        },
      ]);
      expect(preflight?.permissions).toBeUndefined();
      expect(preflight?.quotas).toHaveLength(6);
    }, 60_000);

    it("tells of wrong settings now, and asks what it can without them", async () => {
      const preflight = await ask({ groups: [] });
      expect(preflight?.unasked).toMatchObject([
        { what: expect.stringMatching(/settings are wrong/), why: expect.stringMatching(/groups/) },
      ]);
      expect(preflight?.quotas).toEqual([]);
      expect(preflight?.version?.offer).not.toBeNull();
    }, 60_000);

    it("hears of a cluster's add-ons in EKS's own words", async () => {
      const eks = openEks({ region, endpoint: front.endpoint }, { clock: virtualClock() });
      try {
        expect(await eks.addOns("prod-1-35")).toEqual([
          { name: "coredns", version: "v1.0.0-eksbuild.1", status: "ACTIVE", issues: [] },
          {
            name: "vpc-cni",
            version: "v1.0.0-eksbuild.1",
            status: "DEGRADED",
            issues: ["ConfigurationConflict aws-node"],
          },
        ]);
      } finally {
        eks.close();
      }
    });
  },
);
