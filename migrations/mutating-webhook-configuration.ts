import type { Migration } from "../src/model/migration.js";
import { migrateWebhooks } from "./shared/webhooks.js";

export const mutatingWebhookConfiguration: Migration = {
  id: "mutating-webhook-configuration",
  from: { group: "admissionregistration.k8s.io", kind: "MutatingWebhookConfiguration", versions: ["v1beta1"] },
  to: "admissionregistration.k8s.io/v1",
  removedIn: "1.22",
  summary:
    "failurePolicy is pinned to Ignore, matchPolicy to Exact, timeoutSeconds to 30, admissionReviewVersions to v1beta1; " +
    "unknown side effects become NoneOnDryRun, and names unique.",
  migrate: migrateWebhooks,
};
