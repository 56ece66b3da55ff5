import { DescribeAddressesCommand, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsClients, emulatorClients } from "../../../src/sandbox/aws/clients.js";
import { launchGroup, terminate } from "../../../src/sandbox/aws/instances.js";
import { type Production, seedProduction } from "../../../src/sandbox/aws/seed.js";
import { region, startMoto } from "../../harness/moto.js";

let clients: AwsClients;
let production: Production;
let stop = async () => {};

beforeAll(async () => {
  const moto = await startMoto();
  stop = moto.stop;
  clients = emulatorClients(moto.endpoint, region);
  production = await seedProduction(clients, {
    availabilityZones: ["a", "b", "c"].map((letter) => `${region}${letter}`),
    cluster: "blue.acme.example",
    colour: "blue",
    groups: [
      { name: "master", count: 3 },
      { name: "nodes", count: 6 },
      { name: "syslog", count: 3 },
    ],
    addressGroup: "syslog",
    zone: "acme.example.",
    hosts: ["app", "api"],
    edgeAddress: "127.24.0.1",
    ttl: 1,
  });
}, 120_000);
afterAll(() => stop());

async function running(ids: string[]) {
  const { Reservations = [] } = await clients.ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

describe("the seeded production", () => {
  it("has each group spread evenly over the zones", () => {
    const spread = production.instances.map(({ group, zone }) => `${group} ${zone.at(-1)}`).sort();
    const nodes = ["nodes a", "nodes a", "nodes b", "nodes b", "nodes c", "nodes c"];
    expect(spread).toEqual([
      ...["master a", "master b", "master c"],
      ...nodes,
      ...["syslog a", "syslog b", "syslog c"],
    ]);
  });

  it("has instances with kops's tags, in their zone", async () => {
    const instances = await running(production.instances.map(({ id }) => id));
    expect(instances).toHaveLength(12);
    for (const instance of instances) {
      const made = production.instances.find(({ id }) => id === instance.InstanceId);
      const tags = Object.fromEntries((instance.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
      expect(instance.Placement?.AvailabilityZone).toBe(made?.zone);
      expect(made?.providerId).toBe(`aws:///${made?.zone}/${instance.InstanceId}`);
      expect(tags).toMatchObject({
        Name: `${made?.group}.blue.acme.example`,
        KubernetesCluster: "blue.acme.example",
        "kops.k8s.io/instancegroup": made?.group,
      });
    }
    expect(new Set(production.instances.map(({ privateDnsName }) => privateDnsName)).size).toBe(12);
  });

  it("has an Elastic IP on loopback for each syslog instance", async () => {
    const { Addresses = [] } = await clients.ec2.send(new DescribeAddressesCommand({}));
    const syslog = production.instances.filter(({ group }) => group === "syslog").map(({ id }) => id);
    expect(Addresses.map(({ InstanceId }) => InstanceId).sort()).toEqual(syslog.sort());
    expect(Addresses.map(({ PublicIp }) => PublicIp).sort()).toEqual(
      production.addresses.map(({ publicIp }) => publicIp).sort(),
    );
    for (const { publicIp } of production.addresses) expect(publicIp).toMatch(/^127\./);
  });

  it("has served hosts as simple records, and other people's records beside them", async () => {
    const { ResourceRecordSets = [] } = await clients.route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: production.hostedZoneId }),
    );
    const lines = ResourceRecordSets.map(({ Name, Type, TTL, Weight, ResourceRecords }) =>
      [Name, Type, TTL, Weight, ResourceRecords?.map(({ Value }) => Value).join(",")].join(" "),
    );
    expect(lines).toContain("app.acme.example. A 1  127.24.0.1");
    expect(lines).toContain("api.acme.example. A 1  127.24.0.1");
    expect(lines).toContain("acme.example. MX 300  10 mail-a.mail.example.,20 mail-b.mail.example.");
    expect(lines.filter((line) => line.startsWith("partner.acme.example. A 60"))).toHaveLength(2);
    const apex = lines.filter((line) => /^acme\.example\. (SOA|NS) /.test(line));
    expect(apex).toHaveLength(2);
    expect(apex.join()).toMatch(/ns-2048\.awsdns-64\.com\. awsdns-hostmaster/);
  });
});

describe("another colour's group", () => {
  it("is launched in the same subnets and terminated alone", async () => {
    const { subnets } = production;
    const launch = { cluster: "green.acme.example", colour: "green", group: "nodes", count: 4, subnets };
    const green = await launchGroup(clients.ec2, launch);
    expect(green.map(({ zone }) => zone.at(-1)).join("")).toBe("abca");
    await terminate(
      clients.ec2,
      green.map(({ id }) => id),
    );
    const states = async (ids: string[]) => new Set((await running(ids)).map(({ State }) => State?.Name));
    expect(await states(green.map(({ id }) => id))).toEqual(new Set(["terminated"]));
    expect(await states(production.instances.map(({ id }) => id))).toEqual(new Set(["running"]));
  });
});
