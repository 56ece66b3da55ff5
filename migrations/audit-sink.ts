import type { Migration } from "../src/model/migration.js";

export const auditSink: Migration = {
  id: "audit-sink",
  from: { group: "auditregistration.k8s.io", kind: "AuditSink", versions: ["v1alpha1"] },
  to: null,
  removedIn: "1.19",
  summary: "Dropped: the API is gone. The API server's own audit policy and webhook flags are the nearest.",
  migrate: ({ metadata }) => ({
    result: "drop",
    reason: "AuditSink was removed in 1.19 without a successor; the API server's audit flags are the nearest",
    remarks: [
      {
        id: "audit-sink-no-successor",
        severity: "warning",
        why: `Green sends no audit events to where ${metadata.name} sent blue's.`,
        whatToDo:
          "Configure audit logging of green's API server: --audit-policy-file with --audit-webhook-config-file, or what your provider offers.",
      },
    ],
  }),
};
