import type { Migration } from "../src/model/migration.js";

/** Initializers were an alpha of admission control; mutating webhooks took their place. */
export const initializerConfiguration: Migration = {
  id: "initializer-configuration",
  from: { group: "admissionregistration.k8s.io", kind: "InitializerConfiguration", versions: ["v1alpha1"] },
  to: null,
  removedIn: "1.14",
  summary: "Dropped: the API is gone. A mutating webhook is the nearest, and takes a program of its own.",
  migrate: ({ metadata }) => ({
    result: "drop",
    reason: "InitializerConfiguration was removed in 1.14 without a successor; a mutating webhook is the nearest",
    remarks: [
      {
        id: "initializers-have-no-successor",
        severity: "warning",
        why: `Green runs no initializers, so nothing will change objects as they are created in the way that ${metadata.name} did.`,
        whatToDo: "Find what its initializers set. Serve that by a mutating webhook, or write it into the manifests.",
      },
    ],
  }),
};
