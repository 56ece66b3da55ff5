import { isObject } from "../../src/model/json.js";
import type { KubeObject } from "../../src/model/objects.js";

type Fields = Record<string, unknown>;

/** A token's volume, which an API server puts into each Pod under a name that it makes up. */
const tokenVolume = /^(kube-api-access|default-token)-[a-z0-9]{5}$/;
/** Labels by which a Job finds its Pods: of its UID, and its name. */
const jobLabel = /^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/;

/**
 * An object without what no two clusters have alike, since their API servers and schedulers write it: identity, times, owners'
 * UIDs, status, and addresses, nodes and names that they chose. A new one may be created so.
 */
export function plain({ status: _, metadata, ...object }: KubeObject): KubeObject {
  const {
    uid: _uid,
    resourceVersion: _version,
    generation: _generation,
    creationTimestamp: _created,
    selfLink: _link,
    managedFields: _fields,
    ownerReferences: _owners,
    ...rest
  } = metadata;
  const stripped = { ...object, metadata: rest } as KubeObject;
  const strip = isObject(object.spec) ? strips[object.kind] : undefined;
  return strip ? strip(stripped, object.spec as Fields) : stripped;
}

const strips: Readonly<Record<string, (object: KubeObject, spec: Fields) => KubeObject>> = {
  Service(object, spec) {
    if (spec.clusterIP === "None") return object;
    return { ...object, spec: without(spec, "clusterIP", "clusterIPs") };
  },
  PersistentVolume(object, spec) {
    if (!isObject(spec.claimRef)) return object;
    return { ...object, spec: { ...spec, claimRef: without(spec.claimRef, "uid", "resourceVersion") } };
  },
  Pod(object, spec) {
    const named = (list: unknown) =>
      Array.isArray(list) ? { list: list.filter((each: Fields) => !tokenVolume.test(String(each.name))) } : undefined;
    const mounted = (key: string) => {
      if (!Array.isArray(spec[key])) return {};
      return {
        [key]: spec[key].map((each: Fields) => {
          const mounts = named(each.volumeMounts);
          return mounts ? { ...each, volumeMounts: mounts.list } : each;
        }),
      };
    };
    const volumes = named(spec.volumes);
    return {
      ...object,
      spec: {
        ...without(spec, "nodeName"),
        ...(volumes && { volumes: volumes.list }),
        ...mounted("containers"),
        ...mounted("initContainers"),
      },
    };
  },
  Job(object, spec) {
    if (spec.manualSelector === true) return object;
    const template = spec.template as { metadata?: { labels?: Fields } };
    const unlabelled = (labels: Fields = {}) =>
      Object.fromEntries(Object.entries(labels).filter(([key]) => !jobLabel.test(key)));
    return {
      ...object,
      metadata: { ...object.metadata, labels: unlabelled(object.metadata.labels) as Record<string, string> },
      spec: {
        ...without(spec, "selector"),
        template: { ...template, metadata: { ...template.metadata, labels: unlabelled(template.metadata?.labels) } },
      },
    };
  },
};

function without(fields: Fields, ...keys: string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}
