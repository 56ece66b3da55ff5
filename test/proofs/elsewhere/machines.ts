import { randomBytes, randomInt } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { stringify } from "yaml";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { configHashOf } from "../../cli/place.js";
import { writeSoundRun } from "../../cli/sound-run.js";
import { Workplace } from "../../harness/clustershift.js";
import { now } from "../../run/evidence.js";
import { region, type World } from "../../traffic/world.js";

/** Where the second machine finds the run's record. */
export type Source = "bucket" | "green" | "nothing";

/** How green is reached. */
export interface GreenAccess {
  kubeconfig: string;
  context: string;
}

/** Two machines: the first has a run that is ready to be cut over, the second has its configuration, and credentials. */
export interface Machines {
  first: Workplace;
  second: Workplace;
  run: string;
  remove(): Promise<void>;
}

/** @param green of source `green`; else its API is down */
export async function twoMachines(
  front: AwsFront,
  world: World,
  source: Source,
  green: GreenAccess | undefined,
): Promise<Machines> {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-elsewhere-"));
  const bucket = `elsewhere-${randomBytes(6).toString("hex")}`;
  if (source === "bucket") await createBucket(front, bucket);
  const machine = async (name: string) => {
    const folder = join(dir, name, "work");
    await mkdir(folder, { recursive: true });
    const reach = source === "green" && green ? green : await deadGreen(folder);
    const config = configOf(
      world,
      front,
      reach,
      source === "bucket" ? { bucket } : source === "nothing" ? { green: false } : {},
    );
    await writeFile(join(folder, "clustershift.yaml"), stringify(config));
    const home = join(dir, name);
    const place = new Workplace(folder, { PATH: "", HOME: home, XDG_STATE_HOME: join(home, "state") });
    place.sleep = async (ms) => {
      place.ahead += ms;
    };
    return place;
  };
  const [first, second] = [await machine("first"), await machine("second")];
  first.ahead = now - Date.now();
  // Stores are shared by all trials.
  const run = `20261128T200000Z-${randomInt(2, 1_000_000_000)}`;
  await writeSoundRun(first.dir, await configHashOf(first), { plan: { run } });
  return { first, second, run, remove: () => rm(dir, { recursive: true, force: true }) };
}

function configOf(world: World, front: AwsFront, { kubeconfig, context }: GreenAccess, record: object): object {
  const zones = world.zoneIds.map((zone) => ({
    zone,
    records: world.targets.flatMap((target) =>
      target.kind === "route53" && target.zoneId === zone
        ? [{ name: target.name, type: target.type, green: { values: target.green } }]
        : [],
    ),
  }));
  const loadBalancers = world.targets.flatMap((target) =>
    target.kind === "load-balancer"
      ? [
          {
            listener: target.listenerArn,
            rule: target.ruleArn ?? "default",
            green: { targetGroup: target.greenTargetGroup },
          },
        ]
      : [],
  );
  return {
    apiVersion: "clustershift.dev/v1",
    environment: "acme production",
    blue: { name: "blue.acme.example", context: "fake", kubeconfig: "none.yaml", teardown: { command: ["true"] } },
    green: { name: "acme-1-35", version: "1.35", kubeconfig, context, stack: { kind: "sandbox", sandbox: "none" } },
    aws: { region, endpoint: front.endpoint },
    record,
    traffic: {
      route53: zones.filter(({ records }) => records.length > 0),
      loadBalancers,
      elasticIps: world.targets.some(({ kind }) => kind === "elastic-ip") ? [{ group: "syslog" }] : [],
    },
  };
}

async function createBucket({ internalEndpoint: endpoint }: AwsFront, Bucket: string): Promise<void> {
  const client = new S3Client({ region, endpoint, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  client.destroy();
}

async function deadGreen(folder: string): Promise<GreenAccess> {
  const kubeconfig = join(folder, "green.yaml");
  const name = "green";
  const config = {
    ...{ apiVersion: "v1", kind: "Config", users: [{ name, user: { token: "none" } }] },
    clusters: [{ name, cluster: { server: "https://127.0.0.1:1" } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  await writeFile(kubeconfig, stringify(config));
  return { kubeconfig, context: name };
}
