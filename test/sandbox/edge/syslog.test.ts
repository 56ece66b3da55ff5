import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsClients, emulatorClients } from "../../../src/sandbox/aws/clients.js";
import { launchGroup } from "../../../src/sandbox/aws/instances.js";
import { freePorts } from "../../../src/sandbox/cluster/ports.js";
import { followElasticIps } from "../../../src/sandbox/edge/elastic-ips.js";
import { type Syslog, startSyslog } from "../../../src/sandbox/edge/syslog.js";
import { eventually } from "../../harness/eventually.js";
import { region, startMoto } from "../../harness/moto.js";
import { node, syslogPod, viewOf } from "./objects.js";

let clients: AwsClients;
let stop = async () => {};
let syslog: Syslog;
let port: number;
let ip: string;
let allocationId: string;
/** One each in blue and in green, and one that is nobody's node. */
let instances: string[];

beforeAll(async () => {
  const moto = await startMoto();
  stop = moto.stop;
  clients = emulatorClients(moto.endpoint, region);
  const { Vpc } = await clients.ec2.send(new CreateVpcCommand({ CidrBlock: "172.20.0.0/16" }));
  const zone = `${region}a`;
  const { Subnet } = await clients.ec2.send(
    new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "172.20.32.0/19", AvailabilityZone: zone }),
  );
  const subnets = [{ zone, subnetId: Subnet?.SubnetId ?? "" }];
  const group = { cluster: "blue.acme.example", colour: "blue", group: "syslog", count: 3, subnets };
  instances = (await launchGroup(clients.ec2, group)).map(({ id }) => id);
  const views = ["blue", "green"].map((cluster, index) => {
    const name = `${cluster}-node`;
    return { cluster, view: viewOf([node(name, instances[index] ?? ""), syslogPod(`${cluster}-syslog`, name)]) };
  });
  [port = 0] = await freePorts(1);
  syslog = startSyslog({
    addresses: followElasticIps(clients.ec2, 20),
    clusters: () => views,
    port,
    hostPort: 514,
  });
  const allocated = await clients.ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
  ip = allocated.PublicIp ?? "";
  allocationId = allocated.AllocationId ?? "";
  await eventually("the address is open", () => syslog.listening().includes(ip));
}, 120_000);
afterAll(async () => {
  await syslog.close();
  await stop();
});

const associate = (instance: string | undefined) =>
  clients.ec2.send(
    new AssociateAddressCommand({ AllocationId: allocationId, InstanceId: instance, AllowReassociation: true }),
  );
const message = (id: string) => `<134>1 2026-11-23T22:14:15Z host app - ${id} - text`;

/** The answer over UDP; `none` if there's none within a while. */
async function overUdp(text: string): Promise<string> {
  const socket = createSocket("udp4");
  socket.send(text, port, ip);
  const answered = once(socket, "message").then(([data]) => String(data));
  const nothing = new Promise<string>((done) => setTimeout(done, 200, "none"));
  const answer = await Promise.race([answered, nothing]);
  socket.close();
  return answer;
}

/** All that a TCP connection gives until it's closed or `lines` have come. */
function overTcp(text: string, lines: number): Promise<string> {
  return new Promise((done, failed) => {
    let received = "";
    const socket = connect(port, ip, () => socket.write(text));
    socket.on("data", (data) => {
      received += data.toString();
      if (received.split("\n").length > lines) socket.destroy();
    });
    socket.on("error", failed).on("close", () => done(received));
  });
}

describe("syslog on an Elastic IP", () => {
  it("answers nobody while the address has no instance, or one that is no node", async () => {
    expect(await overUdp(message("m1"))).toBe("none");
    expect(await overTcp(`${message("m1")}\n`, 1)).toBe("");
    await associate(instances[2]);
    expect(await overUdp(message("m2"))).toBe("none");
  });

  it("goes to the cluster whose node has the address, over UDP and TCP in both framings", async () => {
    await associate(instances[0]);
    await eventually("blue answers", async () => (await overUdp(message("m3"))) === "ack m3 blue blue-node");
    const second = message("m5");
    const stream = `${message("m4")}\n${second.length} ${second}`;
    expect(await overTcp(stream, 2)).toBe("ack m4 blue blue-node\nack m5 blue blue-node\n");
    expect(await overUdp("not syslog")).toBe("none");
    expect(await overTcp("GET / HTTP/1.1\r\n\r\n", 1)).toBe("");
  });

  it("loses no message while the address moves, and closes old connections afterwards", async () => {
    const old = connect(port, ip);
    await once(old, "connect");
    const closed = once(old, "end");
    const sender = createSocket("udp4");
    const acks: string[] = [];
    sender.on("message", (data) => acks.push(data.toString()));
    let sent = 0;
    const sending = setInterval(() => sender.send(message(`n${++sent}`), port, ip), 2);
    await eventually("blue answers", () => acks.length > 20);
    await associate(instances[1]);
    await eventually("green answers", () => acks.filter((ack) => ack.includes(" green ")).length > 20);
    clearInterval(sending);
    await eventually("all are answered", () => acks.length === sent);
    const clusters = acks.map((ack) => ack.split(" ")[2]);
    expect(clusters).toEqual([...clusters].sort());
    await closed;
    sender.close();
  });

  it("closes an address that is released", async () => {
    const { PublicIp = "", AllocationId } = await clients.ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    await eventually("it's open", () => syslog.listening().includes(PublicIp));
    await clients.ec2.send(new ReleaseAddressCommand({ AllocationId }));
    await eventually("it's closed", () => !syslog.listening().includes(PublicIp));
  });
});
