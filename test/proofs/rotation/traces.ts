import { readdir, readFile } from "node:fs/promises";
import { DescribeAddressesCommand, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { connect } from "../../../src/kube/connect.js";
import { listAll } from "../../../src/kube/list-all.js";
import { type KubeObject, refKey, refOf } from "../../../src/model/objects.js";
import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import type { SandboxRecord } from "../../../src/sandbox/sandbox-folder.js";

/** A whole name, in whatever case: `green-1-35` is not in `green-1-35-2026-11-28`, nor `10.0.0.1` in `10.0.0.12`. */
export function named(text: string, names: readonly string[]): string[] {
  return names.filter((name) => {
    const plain = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`(?<![a-z0-9-])${plain}(?![a-z0-9-])`, "i").test(text);
  });
}

/** Every object that a cluster lists, of every kind, by its key. */
export async function everything(kubeconfig: string, context: string): Promise<Map<string, KubeObject>> {
  const kube = await connect({ kubeconfig, context, env: {} });
  try {
    const { resources, broken } = await kube.discover();
    // The workload's metrics server is played by kwok and answers nobody: what it measures is stored nowhere.
    const silent = broken.filter(({ groupVersion }) => !groupVersion.startsWith("metrics.k8s.io/"));
    if (silent.length > 0) throw new Error(`${context} doesn't answer for ${JSON.stringify(silent)}`);
    const found = new Map<string, KubeObject>();
    for (const resource of resources.filter(({ verbs }) => verbs.includes("list"))) {
      for (const object of await listAll(kube, resource)) found.set(refKey(refOf(object)), object);
    }
    return found;
  } finally {
    await kube.close();
  }
}

/** Command lines of living processes that work in a folder: whoever started them, they name it. */
export async function processesIn(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return lines.map((line) => line.replaceAll("\0", " ")).filter((line) => line.includes(`${folder}/`));
}

/** What an emulator has that a migration touches: a zone's records, addresses, and instances that run. */
export async function worldOf({ ports, region, aws }: Required<SandboxRecord>) {
  const { ec2, route53 } = emulatorClients(`http://127.0.0.1:${ports.moto}`, region);
  const zone = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: aws.hostedZoneId }));
  if (zone.IsTruncated) throw new Error("the zone has more than one page");
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
  const running = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: running }));
  return {
    records: zone.ResourceRecordSets ?? [],
    // An association has a new id each time.
    addresses: Addresses.map(({ AssociationId: _, ...rest }) => rest),
    instances: Reservations.flatMap(({ Instances = [] }) => Instances),
  };
}

/** Of these objects, those that name what should be gone, and what; but for the record of `run`, which tells where it led from. */
export function naming(
  objects: ReadonlyMap<string, KubeObject>,
  gone: readonly string[],
  run: string,
): { key: string; names: string[] }[] {
  return [...objects]
    .filter(([, object]) => object.metadata.labels?.["clustershift.dev/run"] !== run)
    .map(([key, object]) => ({ key, names: named(JSON.stringify(object), gone) }))
    .filter(({ names }) => names.length > 0);
}
