import { LineCounter, parseAllDocuments } from "yaml";
import { z } from "zod";
import { UserError } from "../../model/errors.js";
import { clusterSpec, instanceGroupSpec, type KopsCluster } from "./specification.js";

/** A text that holds specifications, and what to call it: a file's name, or a key of a state store. */
export interface KopsText {
  name: string;
  text: string;
}

/** `kops/v1alpha2` until kops 1.18, `kops.k8s.io/v1alpha2` since. */
const apiVersions = ["kops.k8s.io/v1alpha2", "kops/v1alpha2"];

const header = z.object({
  apiVersion: z.enum(apiVersions, `must be ${apiVersions.join(" or ")}`),
  kind: z.enum(["Cluster", "InstanceGroup", "SSHCredential"], "must be Cluster or InstanceGroup"),
  metadata: z.object({
    name: z.string("must be the object's name").min(1, "must be the object's name").optional(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.unknown().optional(),
});

/** Aliases may be used; this many expansions stop a file of a few lines from becoming gigabytes. */
const mostAliases = 100;

interface Document {
  /** `blue.yaml, document 3 (line 40, InstanceGroup syslog)` */
  at: string;
  value: unknown;
}

/**
 * The cluster and the groups of `kops get cluster,instancegroups -o yaml`, or of the files of a state store.
 *
 * @throws UserError `config-invalid`: one line a mistake, naming file, document and field
 */
export function readKops(texts: readonly KopsText[]): KopsCluster {
  const mistakes: string[] = [];
  const clusters: { name: string; spec: KopsCluster["spec"] }[] = [];
  const groups: (KopsCluster["groups"][number] & { of?: string | undefined; at: string })[] = [];
  for (const { at, value } of texts.flatMap((text) => documentsOf(text, mistakes))) {
    const head = checked(header, value, at, "", mistakes);
    if (!head || head.kind === "SSHCredential") continue;
    const { name } = head.metadata;
    if (!name) {
      mistakes.push(`${at}: metadata.name: must be the object's name`);
    } else if (head.kind === "Cluster") {
      const spec = checked(clusterSpec, head.spec, at, "spec", mistakes);
      if (spec) clusters.push({ name, spec });
    } else {
      const spec = checked(instanceGroupSpec, head.spec, at, "spec", mistakes);
      if (spec) groups.push({ name, spec, of: head.metadata.labels["kops.k8s.io/cluster"], at });
    }
  }
  const [cluster, other] = clusters;
  const where = texts.map(({ name }) => name).join(", ");
  // With other mistakes the cluster may be there, and not have been understood.
  if (!cluster && mistakes.length === 0) mistakes.push(`${where}: holds no Cluster of kops`);
  if (other) mistakes.push(`${where}: holds several clusters, ${clusters.map(({ name }) => name).join(" and ")}`);
  if (cluster) mistakes.push(...groups.flatMap((group) => groupMistakes(group, cluster)), ...repeated(groups));
  if (cluster && groups.length === 0 && mistakes.length === 0) mistakes.push(`${where}: holds no InstanceGroup`);
  if (!cluster || mistakes.length > 0) {
    throw new UserError({
      code: "config-invalid",
      what: mistakes.join("\n"),
      fix: "Write the file anew: kops get cluster,instancegroups --name CLUSTER -o yaml > FILE. Nothing was written.",
    });
  }
  return { ...cluster, groups: groups.map(({ name, spec }) => ({ name, spec })) };
}

function documentsOf({ name, text }: KopsText, mistakes: string[]): Document[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  // An empty text has no documents, but an object that says so.
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index): Document[] => {
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    const [error] = document.errors;
    if (error) {
      mistakes.push(`${name}, document ${index + 1} (line ${lines.linePos(error.pos[0]).line}): ${error.message}`);
      return [];
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: mostAliases });
    } catch (thrown) {
      mistakes.push(`${name}, document ${index + 1} (line ${line}): ${(thrown as Error).message}`);
      return [];
    }
    return value === null ? [] : [{ at: `${name}, document ${index + 1} (line ${line}${named(value)})`, value }];
  });
}

function named(value: unknown): string {
  const { kind, metadata } = (value ?? {}) as { kind?: unknown; metadata?: { name?: unknown } };
  return typeof kind === "string" ? `, ${kind} ${String(metadata?.name ?? "without a name")}` : "";
}

function checked<S extends z.ZodType>(
  schema: S,
  value: unknown,
  at: string,
  below: string,
  mistakes: string[],
): z.output<S> | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    const field = [below, ...path.map(String)].filter(Boolean).join(".");
    mistakes.push(`${at}: ${field || "the document"}: ${message}`);
  }
  return undefined;
}

interface Group {
  name: string;
  spec: KopsCluster["groups"][number]["spec"];
  of?: string | undefined;
  at: string;
}

function groupMistakes({ spec, of, at }: Group, cluster: { name: string; spec: KopsCluster["spec"] }): string[] {
  const known = cluster.spec.subnets.map(({ name }) => name);
  const { minSize, maxSize } = spec;
  return [
    ...(of !== undefined && of !== cluster.name ? [`${at}: belongs to cluster ${of}, not to ${cluster.name}`] : []),
    ...(spec.subnets ?? [])
      .filter((name) => !known.includes(name))
      .map((name) => `${at}: spec.subnets: the cluster has no subnet ${name}, only ${known.join(", ")}`),
    ...(minSize !== undefined && maxSize !== undefined && maxSize < minSize
      ? [`${at}: spec.maxSize: ${maxSize} is less than minSize (${minSize})`]
      : []),
  ];
}

function repeated(groups: readonly Group[]): string[] {
  return groups
    .filter(({ name }, index) => groups.findIndex((other) => other.name === name) < index)
    .map(({ at, name }) => `${at}: group ${name} is there twice`);
}
