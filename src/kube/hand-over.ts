import { switchOf } from "../model/exclusive.js";
import { isObject } from "../model/json.js";
import { type ApiResource, apiVersionOf, type JsonObject } from "../model/objects.js";
import type { KubeHandOver } from "./api.js";
import { type ConnectOptions, lookingMethods } from "./connect.js";
import { loadContext } from "./kubeconfig.js";
import { lacksOf } from "./lacks.js";
import { createTransport, defaultTuning } from "./transport.js";
import { writingMethods } from "./write.js";

/** Blue with the credentials of the hand-over. Nothing is sent until the first call; throws as `connectReadOnly` does. */
export async function connectHandOver({ tuning, ...options }: ConnectOptions): Promise<KubeHandOver> {
  const access = await loadContext(options);
  const transport = createTransport(access, ["GET", "PATCH", "POST"], { ...defaultTuning, ...tuning });
  const writing = writingMethods(transport);
  return Object.freeze({
    ...lookingMethods(transport),
    async patch(resource, object, patch, options) {
      requireSwitch(resource, patch);
      return writing.patch(resource, object, patch, options);
    },
    lacks: (resource, object, namespace) => lacksOf(transport, ["get", "patch"], resource, object, namespace),
  } satisfies KubeHandOver);
}

/** What may stand in a patch beside the field that stops: which state it was made for, and who has which fields. */
const beside = ["metadata.resourceVersion", "metadata.managedFields"];

/** A defect, were it ever thrown: nothing in clustershift asks for more. */
function requireSwitch(resource: ApiResource, patch: JsonObject): void {
  const { group, version, kind } = resource;
  const path = switchOf({ apiVersion: apiVersionOf(group, version), kind })?.path;
  const allowed = path && [...beside, path.join(".")];
  const others = leavesOf(patch).filter((leaf) => !allowed?.includes(leaf));
  if (!allowed || others.length > 0)
    throw new Error(
      `Of blue's ${resource.resource} ${others.join(", ") || "nothing"} was asked to be written: not sent.`,
    );
}

function leavesOf(patch: JsonObject, path: readonly string[] = []): string[] {
  return Object.entries(patch).flatMap(([field, value]) => {
    const below = [...path, field];
    return isObject(value) ? leavesOf(value, below) : [below.join(".")];
  });
}
