import { isObject } from "../model/json.js";
import type { ApiResource } from "../model/objects.js";
import type { Transport } from "./transport.js";

/**
 * Which of these verbs a client may not use on an object, in words; undefined where it may use all. By a SelfSubjectAccessReview,
 * which every user may make, and which stores nothing. A request with dryRun would say as much, but servers before 1.12 don't know
 * that word, and would carry it out.
 */
export async function lacksOf(
  transport: Transport,
  verbs: readonly string[],
  { group, resource }: ApiResource,
  name: string,
  namespace?: string,
): Promise<string | undefined> {
  for (const verb of verbs) {
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
