import { switchOf } from "../model/exclusive.js";
import { type ApiResource, apiVersionOf, type JsonObject } from "../model/objects.js";
import type { KubeHandOver } from "./api.js";
import { type ConnectOptions, readingMethods } from "./connect.js";
import { isObject } from "./errors.js";
import { loadContext } from "./kubeconfig.js";
import { createTransport, defaultTuning, type Transport } from "./transport.js";
import { writingMethods } from "./write.js";

/** Blue with the credentials of the hand-over. Nothing is sent until the first call; throws as `connectReadOnly` does. */
export async function connectHandOver({ tuning, ...options }: ConnectOptions): Promise<KubeHandOver> {
  const access = await loadContext(options);
  const transport = createTransport(access, ["GET", "PATCH", "POST"], { ...defaultTuning, ...tuning });
  const { name, server, info, get, close } = readingMethods(transport);
  const writing = writingMethods(transport);
  return Object.freeze({
    name,
    server,
    info,
    get,
    close,
    async patch(resource, object, patch, options) {
      requireSwitch(resource, patch);
      return writing.patch(resource, object, patch, options);
    },
    lacks: (resource, object, namespace) => lacksOf(transport, resource, object, namespace),
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

/**
 * By a SelfSubjectAccessReview, which every user may make, and which stores nothing. A patch with dryRun would say as much, but
 * servers before 1.12 don't know that word, and would carry it out.
 */
async function lacksOf(
  transport: Transport,
  { group, resource }: ApiResource,
  name: string,
  namespace?: string,
): Promise<string | undefined> {
  for (const verb of ["get", "patch"]) {
    const resourceAttributes = { verb, group, resource, name, ...(namespace && { namespace }) };
    const answer = await transport.call({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } },
      repeatable: true,
    });
    const status = isObject(answer) && isObject(answer.status) ? answer.status : {};
    if (status.allowed !== true) return `${verb} of ${resource}${group && `.${group}`} is not allowed`;
  }
  return undefined;
}
