import { type Cloud, openCloud } from "../../../aws/cloud/open.js";
import type { KubeWriter } from "../../../kube/api.js";
import { UserError } from "../../../model/errors.js";
import type { ExternalDns } from "../../../model/external-dns.js";
import type { JournalEntry } from "../../../model/journal.js";
import type { ApiResource } from "../../../model/objects.js";
import type { GreenRecord } from "../../../model/run.js";
import type { RecordSet } from "../../../model/traffic.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { type Blue, madeBy } from "../../../sweep/blue.js";
import type { SweepEdges } from "../../../sweep/edges.js";
import type { Protections } from "../../../sweep/protections.js";
import { type Ownership, recordsKind } from "../../../sweep/records.js";
import { ownerIn, registered, registryNames } from "../../../traffic/external-dns/registry.js";
import { connectGreen } from "../clusters.js";
import type { Context } from "../command.js";
import { listExternalDns } from "../external-dns.js";
import type { Project } from "../project.js";
import { awsOf, clockOf } from "../targets.js";
import { type BlueObjects, blueObjects } from "./blue-objects.js";
import { greenNeeds, tellingKinds } from "./green-needs.js";
import { configuredNeeds } from "./protections.js";

/** Everything by which a sweep looks at AWS and at both clusters. */
export interface OpenSweep {
  edges: SweepEdges;
  cloud: Cloud;
  blue: BlueObjects;
  close(): Promise<void>;
}

/** The event by which a teardown notes, while blue stands, what blue's objects have made. */
export const madeEvent = { phase: "teardown", event: "made" } as const;
interface Made {
  made: [id: string, maker: string][];
  owners: string[];
}

export async function openSweep(
  project: Project,
  run: RunFolder,
  journal: readonly JournalEntry[],
  context: Context,
): Promise<OpenSweep> {
  const { aws: settings } = project.config;
  if (!settings) throw new Error("a sweep needs aws");
  const { signal, random } = context.edges;
  const [blue, record] = await Promise.all([blueObjects(project, run, journal, context), run.read("green.json")]);
  const aws = await awsOf(project, context);
  const cloud = openCloud(settings, { clock: clockOf(context), random });
  const green = lazily(() => openGreen(project, run, record, context));
  // How green keeps its registry is asked once; whose ids it has, each time.
  const dnsOfGreen = await green.get().then(
    ({ kube }) => listExternalDns(kube, signal),
    (): ExternalDns[] => [],
  );
  const protections = async (): Promise<Protections> => {
    const { kube, kinds } = await green.get();
    const owners = (await listExternalDns(kube, signal)).map(({ owner }) => owner);
    return {
      needed: new Map([
        ...configuredNeeds(project.config, record, journal),
        ...(await greenNeeds(kube, kinds, cloud, signal)),
      ]),
      keptTags: project.config.blue.teardown?.keepTags ?? [],
      greenOwners: owners.includes(undefined) ? undefined : new Set(owners.flatMap((owner) => owner ?? [])),
    };
  };
  const ownership = ownershipBy([...blue.externalDns, ...dnsOfGreen]);
  return {
    cloud,
    blue,
    edges: {
      kinds: { ...cloud.kinds, record: recordsKind(aws.route53, () => cloud.zones(), ownership) },
      blue: identityOf(project, blue, journal),
      protections,
      signal,
    },
    async close() {
      cloud.close();
      aws.close();
      await green.close();
    },
  };
}

/** By what resources are known to be blue's: its name, what its objects say now, and what they said while it stood. */
function identityOf(
  { config }: Project,
  { objects, externalDns }: BlueObjects,
  journal: readonly JournalEntry[],
): Blue {
  const noted = journal.flatMap((entry) =>
    entry.type === "event" && entry.phase === madeEvent.phase && entry.event === madeEvent.event
      ? [entry.data as Made]
      : [],
  );
  const { teardown, name } = config.blue;
  return {
    cluster: teardown?.cluster ?? name,
    made: new Map([...noted.flatMap(({ made }) => made), ...madeBy(objects)]),
    owners: new Set([
      ...noted.flatMap(({ owners }) => owners),
      ...externalDns.flatMap(({ owner }) => owner ?? []),
      ...(teardown?.dnsOwners ?? []),
    ]),
  };
}

/** For the journal: what is known of blue only as long as it stands. */
export const madeOf = ({ made, owners }: Blue): Made => ({ made: [...made], owners: [...owners] });

interface OpenGreen {
  kube: KubeWriter;
  kinds: ApiResource[];
}

/** Green, surely: another cluster's word would protect nothing. */
async function openGreen(
  project: Project,
  run: RunFolder,
  record: GreenRecord | undefined,
  context: Context,
): Promise<OpenGreen> {
  if (!record) throw missing("this run has no green.json");
  const kube = await connectGreen(project, run, record, context);
  try {
    const { clusterId } = await kube.info();
    if (clusterId !== record.clusterId)
      throw missing(`${kube.name} is the cluster ${clusterId}, not ${record.clusterId}`);
    return { kube, kinds: await tellingKinds(kube) };
  } catch (error) {
    await kube.close();
    throw error;
  }
}

function missing(why: string): UserError {
  return new UserError({
    code: "green-missing",
    what: `What green uses can't be known: ${why}.`,
    fix: "Mend green.kubeconfig and green.context in clustershift.yaml.",
  });
}

/** Opened when it's first needed, and tried again where that failed. */
function lazily(open: () => Promise<OpenGreen>) {
  let opened: OpenGreen | undefined;
  return {
    async get(): Promise<OpenGreen> {
      opened ??= await open();
      return opened;
    },
    close: async () => opened?.kube.close(),
  };
}

/** Whose records are, by the registries of these external-dns. */
function ownershipBy(instances: readonly ExternalDns[]): Ownership {
  const plain = { prefix: "", suffix: "", wildcard: "" };
  const affixes = instances.map(({ prefix, suffix, wildcard }) => ({ prefix, suffix, wildcard }));
  const nameOf = ({ Name, Type }: RecordSet) => ({ name: Name, type: Type });
  return {
    in: ownerIn,
    names: (set) => [plain, ...affixes].flatMap((affix) => registryNames(nameOf(set), affix)),
    of(set, zone) {
      const txt = registered(nameOf(set), zone, affixes).sets.filter(
        ({ SetIdentifier }) => SetIdentifier === set.SetIdentifier,
      );
      const [owner, ...others] = new Set(txt.map(ownerIn));
      return owner === undefined || others.length > 0 ? undefined : { owner, txt };
    },
  };
}
