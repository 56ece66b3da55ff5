import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { allowedIn } from "../../src/aws/permissions/policy.js";
import { anyScope } from "../../src/aws/permissions/scope.js";
import { exitCodes } from "../../src/model/exit-codes.js";
import type { Finding } from "../../src/model/finding.js";
import { createPlanter, region } from "../aws/faces/planter.js";
import { blueName, plantProduction } from "../aws/faces/production.js";
import { openTestAws } from "../aws/moto.js";
import { calledBetween } from "../aws/permissions/called.js";
import { configuredPlace, emptyPlace } from "../cli/place.js";
import { incident } from "../manifests/folder.js";

vi.setConfig({ testTimeout: 60_000 });

const opened = await openTestAws();
const admin = "arn:aws:iam::123456789012:role/platform";

interface Stacks {
  stacks: { config: Record<string, Record<string, unknown>> }[];
}

describe.skipIf("missing" in opened)(
  `surroundings by the commands${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  () => {
    if ("missing" in opened) return;
    const { endpoint, internalEndpoint } = opened.front;
    const plant = createPlanter(internalEndpoint);
    let ids: Record<string, string>;
    let network: Record<string, unknown>;
    beforeAll(async () => {
      ({ ids } = await plantProduction(plant));
      network = { kind: "found", vpcId: ids.vpc, privateSubnetIds: [ids.greenA, ids.greenB] };
    });
    afterAll(async () => {
      plant.close();
      await opened.close();
    });

    /** A blue of which a folder is left, and a green that is to stand beside it. `settings` are of its stack. */
    const placeWith = async (settings: object) => {
      const place = await configuredPlace("nowhere.yaml", {
        blue: { name: blueName, context: "fake", kubeconfig: "nowhere.yaml", teardown: { command: ["true"] } },
        green: { name: "acme-1-35", version: "1.35", stack: { kind: "eks", settings } },
        aws: { region, endpoint },
      });
      // What the emulator lacks is asked again and again, with ever longer waits.
      place.sleep = async () => {};
      await cp(incident, join(place.dir, "export"), { recursive: true });
      const file = { config: { "clustershift:foundation": { network } } };
      await writeFile(join(place.dir, "Pulumi.acme-foundation.yaml"), stringify(file));
      return place;
    };
    const planned = async (settings: object) => {
      const place = await placeWith(settings);
      const { json } = await place.json<{ plan: { findings: Finding[] }; markdown: string }>(
        "plan",
        "--from",
        "export",
      );
      const findings = json.plan.findings.filter(({ area }) => area === "surroundings");
      return { findings, markdown: await readFile(json.markdown, "utf8") };
    };
    const foundation = "organization/clustershift/acme-foundation";

    it("are a part of the plan for themselves, with the commands for a runbook", async () => {
      const { findings, markdown } = await planned({ foundation });
      expect(findings.map(({ id }) => id)).toEqual(
        expect.arrayContaining([
          "group-admits-blue",
          "range-admits-blue",
          "role-trusts-blue",
          "policy-names-blue",
          "egress-changes",
        ]),
      );
      const part = /\n### What lets blue in, and what knows its face\n([\s\S]*?)\n## /.exec(markdown)?.[1] ?? "";
      expect(part).toContain(`\`SecurityGroup.ec2.aws ${ids["orders-db"]} (orders-db)\``);
      expect(part).toContain(
        `\n\`\`\`\naws ec2 authorize-security-group-ingress --region ${region} --group-id ${ids["orders-db"]} `,
      );
      expect(markdown.slice(0, markdown.indexOf("### What lets blue in"))).not.toContain("group-admits-blue");
    });

    it("are compared with what the stack's settings give", async () => {
      const admittedBy = [{ securityGroupId: ids["orders-db"], ports: { from: 5432, to: 5432 } }];
      const { findings } = await planned({ foundation, admittedBy, nodeSecurityGroupIds: [ids.carried] });
      const objects = findings.map(({ object }) => object?.name ?? "");
      expect(objects.filter((name) => name.includes("orders-db") || name.includes("office"))).toEqual([]);
      expect(objects.filter((name) => name.includes("(cache)"))).toHaveLength(1);
    });

    it("are refused a plan where those settings are wrong, by their key", async () => {
      const place = await placeWith({ foundation, admittedBy: [{ securityGroupId: "orders-db" }] });
      const { code, json } = await place.json("plan", "--from", "export");
      expect([code, json.error]).toEqual([
        exitCodes["config-invalid"].code,
        expect.objectContaining({
          what: expect.stringMatching(/^green\.stack\.settings\.admittedBy\[0\]\.securityGroupId: is not the id/),
        }),
      ]);
    });

    it("are given to green by init, in a form that its stack takes, so that the plan finds them given", async () => {
      const place = await emptyPlace();
      const subnets = [ids.greenA, ids.greenB].flatMap((id) => ["--private-subnet", id ?? ""]);
      const { json } = await place.json<Stacks & { chosen: string[]; unknown: string[] }>(
        ...["init", "--kops", resolve("examples/kops/incident.yaml"), "--admin", admin],
        ...[
          "--region",
          region,
          "--endpoint",
          endpoint,
          "--vpc",
          ids.vpc ?? "",
          "--public-subnet",
          ids.open ?? "",
          ...subnets,
        ],
      );
      const [, { config }] = json.stacks as [unknown, Stacks["stacks"][number]];
      const settings = config["clustershift:cluster"] ?? {};
      const rule = (name: string, port: number, direction = "in") => {
        const ports = { from: port, to: port };
        return { securityGroupId: ids[name], direction, protocol: "tcp", ports };
      };
      const byId = (one: unknown, other: unknown) => JSON.stringify(one).localeCompare(JSON.stringify(other));
      expect((settings.admittedBy as unknown[]).sort(byId)).toEqual(
        [
          ...[rule("orders-db", 5432), rule("cache", 6379), rule("legacy", 8080), rule("listed", 2049)],
          ...[rule("peered-db", 3306), rule("proxy", 10250, "out")],
          // Green is to stand in a public subnet too, which these leave out.
          ...[rule("queue", 9092), rule("wider", 5433)],
        ].sort(byId),
      );
      expect(settings.nodeSecurityGroupIds).toEqual([ids.carried]);
      // The other roles have no policies here, or no account of their own.
      expect(settings.identities).toEqual([
        {
          ...{ name: "shop-web", namespace: "shop", serviceAccount: "web", policyArns: [] },
          policies: {
            read: expect.objectContaining({ Statement: [expect.objectContaining({ Action: "s3:GetObject" })] }),
          },
        },
      ]);
      expect(json.chosen).toContainEqual(expect.stringContaining("Green is let in by orders-db (RDSNetworkInterface)"));
      expect(json.unknown).toContainEqual(expect.stringContaining("clustershift plan tells"));

      const { findings } = await planned({ ...settings, foundation });
      const told = findings
        .filter(({ severity }) => severity === "warning")
        .map(({ id, object }) => `${id} ${object?.name}`);
      expect(
        told.filter((line) => /orders-db|cache|legacy|listed|peered-db|proxy|office|trusts-blue shop-web/.test(line)),
      ).toEqual([]);
      const written = parse(await readFile(join(place.dir, "clustershift.yaml"), "utf8")) as {
        green: { stack: { settings: object } };
      };
      expect(written.green.stack.settings).toMatchObject({ nodeSecurityGroupIds: [ids.carried] });
    });

    it("are asked for with nothing but what the plan's policy has, and with all of that but for what isn't here", () => {
      const called = calledBetween({}, opened.front.counts());
      const allowed = new Set(allowedIn("plan", anyScope).map(([, action]) => action));
      expect(called.filter((action) => !allowed.has(action))).toEqual([]);
      const unused = [...allowed].filter((action) => !called.includes(action));
      expect(unused.filter((action) => !/^(route53|elasticloadbalancing):/.test(action)).sort()).toEqual([
        // Of subnets with a way to a gateway.
        "ec2:DescribeTransitGatewayVpcAttachments",
        // Of an EKS cluster: this blue is kops's.
        "eks:DescribePodIdentityAssociation",
        "eks:ListPodIdentityAssociations",
      ]);
    });
  },
);
