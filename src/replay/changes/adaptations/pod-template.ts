import { at, isObject, listAt } from "../../../model/json.js";
import type { JsonObject, KubeObject } from "../../../model/objects.js";

/** Where each kind that runs pods keeps their template. A Pod is its own; a PodTemplate has it at the top. */
const places: Record<string, readonly string[]> = {
  Pod: [],
  PodTemplate: ["template"],
  ReplicationController: ["spec", "template"],
  "Deployment.apps": ["spec", "template"],
  "StatefulSet.apps": ["spec", "template"],
  "DaemonSet.apps": ["spec", "template"],
  "ReplicaSet.apps": ["spec", "template"],
  "Job.batch": ["spec", "template"],
  "CronJob.batch": ["spec", "jobTemplate", "spec", "template"],
};

/** `Kind.group` of everything that runs pods. */
export const podKinds: readonly string[] = Object.keys(places);

export interface PodTemplate {
  /** As the object has it; an empty one where it has none, which is not put into the object. */
  annotations: Record<string, unknown>;
  spec: JsonObject;
}

/** The pod that an object of one of `podKinds` describes, in place: its spec's edits are the object's. */
export function podTemplateOf(object: KubeObject): PodTemplate | undefined {
  const group = object.apiVersion.includes("/") ? `.${object.apiVersion.slice(0, object.apiVersion.indexOf("/"))}` : "";
  const place = places[`${object.kind}${group}`];
  const template = place && at(object, ...place);
  if (!isObject(template) || !isObject(template.spec)) return undefined;
  const annotations = at(template, "metadata", "annotations");
  return { annotations: isObject(annotations) ? annotations : {}, spec: template.spec };
}

/** Every container of a pod, of whatever sort. */
export function containersOf(spec: JsonObject): JsonObject[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => listAt(spec, list).filter(isObject));
}
