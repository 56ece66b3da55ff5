import { AllocateAddressCommand, DescribeAddressesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  ListHealthChecksCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  cutConnection,
  pendingChanges,
  pendingLooks,
  priorRequestNotComplete,
  serverError,
  slow,
  throttle,
  timeOut,
} from "../../../src/sandbox/aws/faults.js";
import { type AwsFront, type Seen, startAwsFront } from "../../../src/sandbox/aws/front.js";
import { randomFaults } from "../../../src/sandbox/aws/random-faults.js";
import { region, startMoto } from "../../harness/moto.js";

let front: AwsFront;
let stop = async () => {};
let zoneId: string;
/** Of every client. */
let timeoutMs: number;

/** One try, so that each fault shows. */
function clients(endpoint: string) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const requestHandler = { requestTimeout: timeoutMs, throwOnRequestTimeout: true };
  const settings = { endpoint, region, maxAttempts: 1, credentials, requestHandler };
  return { ec2: new EC2Client(settings), route53: new Route53Client(settings) };
}

beforeAll(async () => {
  timeoutMs = 30_000;
  const moto = await startMoto();
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
  front.observers.length = 0;
  timeoutMs = 30_000;
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

  it("says of a list of health checks that it is whole, which the emulator leaves out", async () => {
    const { IsTruncated } = await clients(front.endpoint).route53.send(new ListHealthChecksCommand({}));
    expect(IsTruncated).toBe(false);
    expect(front.counts()["route53/ListHealthChecks"]).toBe(1);
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

  it("keep each change PENDING for so many looks", async () => {
    front.faults.push(pendingLooks(() => 2));
    const { ChangeInfo } = await upsert(front.endpoint, ["looks", "127.0.0.1"]);
    const { route53 } = clients(front.endpoint);
    const look = async () => (await route53.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))).ChangeInfo?.Status;
    expect([ChangeInfo?.Status, await look(), await look(), await look()]).toEqual([
      "PENDING",
      "PENDING",
      "PENDING",
      "INSYNC",
    ]);
  });

  it.each([
    ["before", [], "unseen"],
    ["after", ["127.0.0.1"], "done"],
  ] as const)("time out, or fail in AWS itself, %s it is done", async (when, made, ending) => {
    timeoutMs = 300;
    const seen: Seen[] = [];
    front.observers.push((each) => seen.push(each));
    const aim = { action: "ChangeResourceRecordSets", when, times: 1 };
    const errors = {
      hung: [timeOut(aim), { name: "TimeoutError" }],
      broken: [serverError({ ...aim, status: 500 }), { name: "InternalFailure", $metadata: { httpStatusCode: 500 } }],
      busy: [serverError({ ...aim, status: 503 }), { name: "ServiceUnavailable", $metadata: { httpStatusCode: 503 } }],
    } as const;
    for (const [name, [fault, error]] of Object.entries(errors)) {
      front.faults.push(fault);
      await expect(upsert(front.endpoint, [`${name}-${when}`, "127.0.0.1"])).rejects.toMatchObject(error);
      expect(await values(`${name}-${when}`)).toEqual(made);
    }
    expect(seen.map((each) => each.ending)).toEqual([ending, ending, ending]);
    expect(seen[0]?.body).toContain(`<Name>hung-${when}.front.example.</Name>`);
  });

  it("make a request slow, and nothing else", async () => {
    front.faults.push(slow({ action: "ChangeResourceRecordSets", ms: 150, times: 1 }));
    const began = performance.now();
    await upsert(front.endpoint, ["slow", "127.0.0.1"]);
    expect(performance.now() - began).toBeGreaterThan(140);
    expect(await values("slow")).toEqual(["127.0.0.1"]);
  });

  it("come at random, the same ones for the same seed", () => {
    const named = (seed: number) => {
      let state = seed;
      const random = () => {
        state = (state * 48_271) % 2_147_483_647;
        return state / 2_147_483_647;
      };
      const names: string[] = [];
      const [disturb] = randomFaults({ random, probability: 0.3, onFault: (name) => names.push(name) });
      for (let request = 0; request < 300; request++) {
        const action = request % 3 === 0 ? "ChangeResourceRecordSets" : "DescribeAddresses";
        disturb?.({ service: "ec2", action, method: "POST", path: "/" });
      }
      return names;
    };
    expect(named(7)).toEqual(named(7));
    expect(named(8)).not.toEqual(named(7));
    expect(new Set(named(7)).size).toBe(11);
  });
});
