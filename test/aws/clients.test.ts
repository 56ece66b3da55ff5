import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { awsClients } from "../../src/aws/clients.js";
import { UserError } from "../../src/model/errors.js";
import type { RecordSet } from "../../src/model/traffic.js";
import { cutConnection, pendingChanges, priorRequestNotComplete, throttle } from "../../src/sandbox/aws/faults.js";
import { virtualClock } from "./clock.js";
import { openTestAws } from "./moto.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`AWS clients${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  const { front } = opened;
  const clock = virtualClock();
  const aws = awsClients({ region: "eu-central-1", endpoint: front.endpoint }, { clock });
  const seeding = new Route53Client({ region: "eu-central-1", endpoint: front.internalEndpoint });
  afterEach(() => {
    front.faults.length = 0;
  });
  afterAll(async () => {
    aws.close();
    await opened.close();
  });

  let zones = 0;
  const newZone = async (name = `clients-${process.pid}-${zones++}.example.`) => {
    await seeding.send(new CreateHostedZoneCommand({ Name: name, CallerReference: `${name} ${zones++}` }));
    return name;
  };
  const record = (name: string, value = "192.0.2.1"): RecordSet => ({
    Name: name,
    Type: "A",
    TTL: 60,
    ResourceRecords: [{ Value: value }],
  });
  const write = (zoneId: string, ...sets: RecordSet[]) =>
    aws.route53.change(
      zoneId,
      sets.map((set) => ({ Action: "UPSERT" as const, ResourceRecordSet: set })),
      "test",
    );
  const calls = () => front.counts()["route53/ChangeResourceRecordSets"] ?? 0;

  it("finds a zone by name, with or without dot, and by id", async () => {
    const name = await newZone();
    const zone = await aws.route53.findZone(name);
    expect(zone).toEqual({ id: expect.stringMatching(/^[A-Z0-9]+$/), name, private: false });
    expect(await aws.route53.findZone(name.slice(0, -1).toUpperCase())).toEqual(zone);
    expect(await aws.route53.findZone(zone.id)).toEqual(zone);
  });

  it("refuses a zone that isn't there, and a name that two zones have", async () => {
    await expect(aws.route53.findZone("nowhere.example")).rejects.toMatchObject({ code: "config-invalid" });
    const name = await newZone();
    await newZone(name);
    await expect(aws.route53.findZone(name)).rejects.toThrow(/2 hosted zones are named/);
  });

  it("reads all pages, each record set once and whole", async () => {
    const name = await newZone();
    const { id } = await aws.route53.findZone(name);
    const sets = Array.from({ length: 430 }, (_, i) => record(`h${String(i).padStart(3, "0")}.${name}`));
    await write(id, ...sets.slice(0, 215));
    await write(id, ...sets.slice(215));
    const read = await aws.route53.recordSets(id);
    expect(read.filter(({ Type }) => Type === "A")).toEqual(sets);
  });

  it("gets through throttling and a busy zone", async () => {
    const name = await newZone();
    front.faults.push(throttle({ action: "ListHostedZonesByName", times: 2 }), priorRequestNotComplete({ times: 3 }));
    const { id } = await aws.route53.findZone(name);
    await write(id, record(`app.${name}`));
    expect((await aws.route53.recordSets(id)).map(({ Name }) => Name)).toContain(`app.${name}`);
  });

  it("does not repeat a change whose answer was lost", async () => {
    const name = await newZone();
    const { id } = await aws.route53.findZone(name);
    front.faults.push(cutConnection({ action: "ChangeResourceRecordSets", when: "after", times: 1 }));
    const before = calls();
    await expect(write(id, record(`app.${name}`))).rejects.toMatchObject({ code: "aws-failed" });
    expect(calls() - before).toBe(1);
  });

  it("repeats a read whose answer was lost", async () => {
    const name = await newZone();
    const { id } = await aws.route53.findZone(name);
    front.faults.push(cutConnection({ action: "ListResourceRecordSets", when: "after", times: 2 }));
    expect(await aws.route53.recordSets(id)).toHaveLength(2);
  });

  it("waits until a change is in sync, and counts only the calls as API time", async () => {
    const name = await newZone();
    const { id } = await aws.route53.findZone(name);
    front.faults.push(pendingChanges(5_000, () => clock.now()));
    const began = clock.now();
    await aws.route53.waitInSync(await write(id, record(`app.${name}`)));
    expect(clock.now() - began).toBeGreaterThanOrEqual(5_000);
    const { GetChange } = aws.meter.actions();
    expect(GetChange?.calls).toBeGreaterThan(1);
    expect(GetChange?.ms).toBeGreaterThan(0);
  });

  it("names the action and the resource of what AWS refuses", async () => {
    const error = await aws.route53.recordSets("ZNOWHERE").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      code: "aws-failed",
      message: expect.stringMatching(/ListResourceRecordSets.*ZNOWHERE/),
    });
  });

  it("says who it is", async () => {
    expect(await aws.identity()).toEqual({ account: "123456789012", arn: expect.stringContaining("arn:aws") });
  });
});
