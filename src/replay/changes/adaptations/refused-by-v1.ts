import { settleDefinition } from "../../../../migrations/shared/definition.js";
import { settleWebhooks } from "../../../../migrations/shared/webhooks.js";
import type { Remark } from "../../../model/migration.js";
import type { KubeObject } from "../../../model/objects.js";
import { adaptation } from "./adaptation.js";

/**
 * From 1.16 on API servers show in v1 what was once written as v1beta1, and keep it through every upgrade, though v1 takes
 * less from whoever writes it anew. Where both clusters serve v1 no migration applies, so it is settled here.
 */
export const definitionsRefused = adaptation({
  id: "definition-refused-by-v1",
  reason:
    "A CustomResourceDefinition that was written as v1beta1 gets what v1 asks for: a structural schema, which keeps unknown " +
    "fields where they were kept.",
  kinds: ["CustomResourceDefinition.apiextensions.k8s.io"],
  adapt: (copy) => settled(copy, "apiextensions.k8s.io/v1", settleDefinition),
});

export const webhooksRefused = adaptation({
  id: "webhooks-refused-by-v1",
  reason:
    "Webhooks that were written as v1beta1 get what v1 asks for: side effects that are declared, and names of their own.",
  kinds: [
    "MutatingWebhookConfiguration.admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
  ],
  adapt: (copy) => settled(copy, "admissionregistration.k8s.io/v1", settleWebhooks),
});

function settled(
  copy: KubeObject,
  apiVersion: string,
  settle: (object: KubeObject) => { objects: KubeObject[]; remarks?: Remark[] },
): Remark[] | undefined {
  if (copy.apiVersion !== apiVersion) return undefined;
  const { objects, remarks } = settle(copy);
  Object.assign(copy, objects[0]);
  return remarks;
}
