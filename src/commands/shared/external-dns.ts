import type { KubeReader } from "../../kube/api.js";
import { listIfServed } from "../../kube/list-all.js";
import { messageOf } from "../../model/errors.js";
import type { DnsLook, ExternalDns } from "../../model/external-dns.js";
import type { ApiResource } from "../../model/objects.js";
import type { RecordSet } from "../../model/traffic.js";
import { externalDnsOf } from "../../replay/external-dns.js";
import type { RunFolder } from "../../run/run-folder.js";
import { registriesOf } from "../../traffic/external-dns/successors.js";
import { writersOf } from "../../traffic/external-dns/writers.js";
import { recordNames } from "../../traffic/targets/route53/resolve.js";
import { blueNow } from "./blue-now.js";
import { connectGreen } from "./clusters.js";
import type { Context } from "./command.js";
import type { GatheredEvidence, Project } from "./project.js";
import { awsOf } from "./targets.js";

/** Who else writes the names that move, in both clusters as they are now. Never throws: what can't be seen is part of the look. */
export async function lookAtExternalDns(
  project: Project,
  run: RunFolder,
  evidence: GatheredEvidence,
  context: Context,
): Promise<DnsLook> {
  const { plan, green } = evidence;
  const nothing: DnsLook = { owned: [], writers: [], registry: { affixes: [], owners: {} } };
  const { route53 } = project.config.traffic;
  if (!plan || !green || route53.length === 0) return nothing;
  const { signal } = context.edges;
  try {
    const instances = {
      blue: await instancesOn(await blueNow(project, run, evidence, context), signal),
      green: await instancesOn(await connectGreen(project, run, green, context), signal),
    };
    if (instances.blue.length + instances.green.length === 0) return nothing;
    const aws = await awsOf(project, context);
    try {
      const names = await recordNames(route53, aws.route53);
      const zones = new Map<string, RecordSet[]>();
      for (const { zoneId } of names) {
        if (!zones.has(zoneId)) zones.set(zoneId, await aws.route53.recordSets(zoneId));
      }
      return { ...writersOf(names, zones, instances), registry: registriesOf(instances) };
    } finally {
      aws.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return { ...nothing, error: messageOf(error) };
  }
}

async function instancesOn(kube: Pick<KubeReader, "pages" | "close">, signal: AbortSignal): Promise<ExternalDns[]> {
  try {
    return await listExternalDns(kube, signal);
  } finally {
    await kube.close();
  }
}

/** Every external-dns of a cluster, running or not. */
export async function listExternalDns(kube: Pick<KubeReader, "pages">, signal: AbortSignal): Promise<ExternalDns[]> {
  const found: ExternalDns[] = [];
  for (const resource of resources) {
    const objects = (await listIfServed(kube, resource, { signal })) ?? [];
    found.push(...objects.flatMap((object) => externalDnsOf(object) ?? []));
  }
  return found;
}

/** What may run it. */
const resources = ["Deployment", "StatefulSet", "ReplicaSet"]
  .map((kind) => resource("apps", kind))
  .concat(resource("", "ReplicationController"));

function resource(group: string, kind: string): ApiResource {
  const plural = `${kind.toLowerCase()}s`;
  return { group, version: "v1", kind, resource: plural, namespaced: true, verbs: ["list"], subresources: [] };
}
