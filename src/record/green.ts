import { createHash } from "node:crypto";
import { KubeError, type KubeWriter } from "../kube/api.js";
import { listIfServed } from "../kube/list-all.js";
import { namespace } from "../kube/permissions.js";
import type { ApiResource, KubeObject } from "../model/objects.js";
import type { Condition, RecordStore } from "./store.js";

/** Not the manager of the replay: what that one made is compared with blue. */
const fieldManager = "clustershift-record";
const runLabel = "clustershift.dev/run";
const entryAnnotation = "clustershift.dev/entry";

const configMaps = core("ConfigMap", "configmaps", true);
const namespaces = core("Namespace", "namespaces", false);

/**
 * Records in green: one ConfigMap for each entry, in the namespace `clustershift`. Nothing is ever deleted there: green's role
 * can't. The replay leaves this namespace behind when green is the next run's blue (its rule `own-state`).
 */
export function greenStore(kube: KubeWriter): RecordStore {
  const list = async (labelSelector: string, signal: AbortSignal): Promise<KubeObject[]> =>
    (await listIfServed(kube, configMaps, { namespace, labelSelector, signal })) ?? [];
  const entries = async (run: string, signal: AbortSignal) =>
    (await list(`${runLabel}=${run}`, signal)).map((object) => ({ name: entryOf(object), bytes: bytesOf(object) }));
  return {
    name: `green (${kube.name})`,
    // A ConfigMap may have 1 MiB; bytes that are no text take a third more as base64.
    largest: 700_000,
    async runs(signal) {
      const found = await list(runLabel, signal);
      return [...new Set(found.map(({ metadata }) => metadata.labels?.[runLabel] ?? ""))];
    },
    async names(run, signal) {
      const found = await entries(run, signal);
      return found.map(({ name, bytes }) => ({
        name,
        size: bytes.length,
        md5: createHash("md5").update(bytes).digest("hex"),
      }));
    },
    async all(run, signal) {
      return new Map((await entries(run, signal)).map(({ name, bytes }) => [name, bytes]));
    },
    async get(run, name, signal) {
      signal.throwIfAborted();
      const object = await within(kube.get(configMaps, objectName(run, name), namespace), signal);
      return object && { bytes: bytesOf(object), version: object.metadata.resourceVersion ?? "" };
    },
    async put(run, name, bytes, condition, signal) {
      const object = configMap(run, name, bytes);
      const write = () => written(kube, object, condition, signal);
      const first = await write();
      if (first !== "no-namespace") return first;
      const home: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
      await kube.apply(namespaces, home, { fieldManager, signal });
      const second = await write();
      if (second === "no-namespace") throw new Error(`${kube.name}: namespace ${namespace} can't be made`);
      return second;
    },
    close: () => kube.close(),
  };
}

/** The object's new version; undefined where the condition doesn't hold. */
async function written(
  kube: KubeWriter,
  object: KubeObject,
  condition: Condition,
  signal: AbortSignal,
): Promise<string | undefined | "no-namespace"> {
  const options = { namespace, fieldManager, signal };
  try {
    if (condition === "absent") return versionOf(await kube.create(configMaps, object, options));
    if (condition === "any") return versionOf(await kube.apply(configMaps, object, { ...options, force: true }));
    const { version: resourceVersion } = condition;
    const replacing = { ...object, metadata: { ...object.metadata, resourceVersion } };
    return versionOf(await kube.replace(configMaps, replacing, options));
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const { status, details } = error;
    if (status === 409) return undefined;
    if (status === 404 && details.kind === "namespaces") return "no-namespace";
    if (status === 404 && condition !== "absent") return undefined;
    throw error;
  }
}

function versionOf({ metadata }: KubeObject): string {
  return metadata.resourceVersion ?? "";
}

function configMap(run: string, name: string, bytes: Buffer): KubeObject {
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text).equals(bytes);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: objectName(run, name),
      namespace,
      labels: { [runLabel]: run },
      annotations: { [entryAnnotation]: name },
    },
    ...(isText ? { data: { content: text } } : { binaryData: { content: bytes.toString("base64") } }),
  };
}

/** `20260307t190000z-2.journal.000000000000`: a DNS name, as objects must have. */
function objectName(run: string, name: string): string {
  return `${run}.${name}`.toLowerCase().replace(/[^a-z0-9.-]/g, ".");
}

function entryOf({ metadata }: KubeObject): string {
  return metadata.annotations?.[entryAnnotation] ?? "";
}

function bytesOf({ data, binaryData }: KubeObject): Buffer {
  const { content: text } = (data ?? {}) as { content?: string };
  if (text !== undefined) return Buffer.from(text);
  return Buffer.from(((binaryData ?? {}) as { content?: string }).content ?? "", "base64");
}

/** The client's `get` takes no signal. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((done, failed) => {
    const give = () => failed(signal.reason as Error);
    signal.addEventListener("abort", give, { once: true });
    work.then(done, failed).finally(() => signal.removeEventListener("abort", give));
  });
}

function core(kind: string, resource: string, namespaced: boolean): ApiResource {
  const verbs = ["create", "get", "list", "patch", "update"];
  return { group: "", version: "v1", kind, resource, namespaced, verbs, subresources: [] };
}
