import { AllocateAddressCommand, DescribeAddressesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cutConnection, pendingChanges, priorRequestNotComplete, throttle } from "../../../src/sandbox/aws/faults.js";
import { type AwsFront, startAwsFront } from "../../../src/sandbox/aws/front.js";
import { REGION, startTestMoto } from "./moto.js";

let front: AwsFront;
let stop = async () => {};
let zoneId: string;

/** One try, so that each fault shows. */
function clients(endpoint: string) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const settings = { endpoint, region: REGION, maxAttempts: 1, credentials };
  return { ec2: new EC2Client(settings), route53: new Route53Client(settings) };
}

beforeAll(async () => {
  const moto = await startTestMoto();
  stop = moto.stop;
  front = await startAwsFront({ target: moto.endpoint, port: 0 });
  const { HostedZone } = await clients(moto.endpoint).route53.send(
    new CreateHostedZoneCommand({ Name: "front.example.", CallerReference: "test" }),
  );
  zoneId = HostedZone?.Id ?? "";
}, 120_000);
afterAll(async () => {
  await front.close();
  await stop();
});
beforeEach(() => {
  front.faults.length = 0;
});

function upsert(endpoint: string, ...values: [name: string, value: string][]) {
  const changes = values.map(([name, Value]) => ({
    Action: "UPSERT" as const,
    ResourceRecordSet: { Name: `${name}.front.example.`, Type: "A" as const, TTL: 1, ResourceRecords: [{ Value }] },
  }));
  const batch = { HostedZoneId: zoneId, ChangeBatch: { Changes: changes } };
  return clients(endpoint).route53.send(new ChangeResourceRecordSetsCommand(batch));
}

async function values(name: string): Promise<(string | undefined)[]> {
  const { ResourceRecordSets = [] } = await clients(front.internalEndpoint).route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }),
  );
  const sets = ResourceRecordSets.filter(({ Name }) => Name === `${name}.front.example.`);
  return sets.flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value }) => Value));
}

describe("the front without faults", () => {
  it("passes requests through and counts them by service and action", async () => {
    const before = front.counts();
    await upsert(front.endpoint, ["plain", "127.0.0.9"]);
    await clients(front.endpoint).ec2.send(new DescribeAddressesCommand({}));
    expect(await values("plain")).toEqual(["127.0.0.9"]);
    const after = front.counts();
    const grown = Object.fromEntries(Object.entries(after).map(([key, count]) => [key, count - (before[key] ?? 0)]));
    expect(grown).toEqual({ "route53/ChangeResourceRecordSets": 1, "ec2/DescribeAddresses": 1 });
  });

  it("streams a body both ways", async () => {
    const credential = "Credential=test/20261123/us-east-1/s3/aws4_request";
    const headers = { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0` };
    const bytes = Buffer.alloc(3_000_000, "k");
    await fetch(`${front.endpoint}/front-bucket`, { method: "PUT", headers });
    await fetch(`${front.endpoint}/front-bucket/object`, { method: "PUT", headers, body: bytes });
    const got = await fetch(`${front.endpoint}/front-bucket/object`, { headers });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it("shows a reader all of a batch or nothing", async () => {
    const names = Array.from({ length: 120 }, (_, index) => `atomic-${index}`);
    const write = (value: string) => upsert(front.endpoint, ...names.map((name): [string, string] => [name, value]));
    await write("127.0.0.1");
    let done = false;
    const writing = (async () => {
      for (let round = 2; round < 8; round += 1) await write(`127.0.0.${round}`);
      done = true;
    })();
    let reads = 0;
    while (!done) {
      const { ResourceRecordSets = [] } = await clients(front.internalEndpoint).route53.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }),
      );
      const batch = ResourceRecordSets.filter(({ Name }) => Name?.startsWith("atomic-"));
      expect(new Set(batch.map(({ ResourceRecords }) => ResourceRecords?.[0]?.Value)).size).toBe(1);
      reads += 1;
    }
    await writing;
    expect(reads).toBeGreaterThan(3);
  });
});

describe("faults", () => {
  it("keep each change PENDING for its time, then INSYNC", async () => {
    let now = 0;
    front.faults.push(pendingChanges(1000, () => now));
    const first = await upsert(front.endpoint, ["pending", "127.0.0.1"]);
    now = 600;
    const second = await upsert(front.endpoint, ["pending", "127.0.0.2"]);
    expect([first, second].map(({ ChangeInfo }) => ChangeInfo?.Status)).toEqual(["PENDING", "PENDING"]);
    const status = async (change: typeof first) => {
      const Id = change.ChangeInfo?.Id;
      return (await clients(front.endpoint).route53.send(new GetChangeCommand({ Id }))).ChangeInfo?.Status;
    };
    expect([await status(first), await status(second)]).toEqual(["PENDING", "PENDING"]);
    now = 1000;
    expect([await status(first), await status(second)]).toEqual(["INSYNC", "PENDING"]);
    now = 1600;
    expect(await status(second)).toBe("INSYNC");
  });

  it("throttle the next requests of an action, in the service's own words", async () => {
    front.faults.push(throttle({ action: "DescribeAddresses", times: 2 }));
    front.faults.push(throttle({ action: "ListResourceRecordSets", times: 1 }));
    const { ec2, route53 } = clients(front.endpoint);
    const describeAddresses = () => ec2.send(new DescribeAddressesCommand({}));
    const list = () => route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    await expect(describeAddresses()).rejects.toMatchObject({ name: "RequestLimitExceeded" });
    await expect(describeAddresses()).rejects.toMatchObject({ name: "RequestLimitExceeded" });
    await expect(describeAddresses()).resolves.toBeDefined();
    await expect(list()).rejects.toMatchObject({ name: "Throttling", message: "Rate exceeded" });
    await expect(list()).resolves.toBeDefined();
  });

  it("refuse a change while an earlier one is under way", async () => {
    front.faults.push(priorRequestNotComplete({ times: 1 }));
    const change = () => upsert(front.endpoint, ["prior", "127.0.0.1"]);
    await expect(change()).rejects.toMatchObject({ name: "PriorRequestNotComplete" });
    expect(await values("prior")).toEqual([]);
    await change();
    expect(await values("prior")).toEqual(["127.0.0.1"]);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("cut the connection %s AWS has done it", async (when, made) => {
    const { ec2 } = clients(front.endpoint);
    const allocated = async () => (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0;
    const before = await allocated();
    front.faults.push(cutConnection({ action: "AllocateAddress", when, times: 1 }));
    await expect(ec2.send(new AllocateAddressCommand({ Domain: "vpc" }))).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await allocated()).toBe(before + made);
  });

  it("leave the sandbox's own readers alone", async () => {
    front.faults.push(throttle({ action: "DescribeAddresses", times: 1 }));
    const own = clients(front.internalEndpoint).ec2.send(new DescribeAddressesCommand({}));
    await expect(own).resolves.toBeDefined();
  });
});
