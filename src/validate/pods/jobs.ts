import { namespace } from "../../kube/permissions.js";
import type { KubeObject } from "../../model/objects.js";

export const askLabel = "clustershift.dev/validate";

/** One zone that has nodes, and what keeps ordinary pods from those. */
export interface ProbedZone {
  zone: string;
  /** Label by which its nodes say which zone they are in. */
  zoneLabel: string;
  taints: { key: string; value?: string; effect: string }[];
}

export interface JobArgs {
  /** Once for a validation: `clustershift-validate-x1y2z3`. */
  name: string;
  role: "listen" | "call";
  index: number;
  zone: ProbedZone;
  image: string;
  script: string;
  env: Record<string, string>;
  deadlineSeconds: number;
}

/**
 * A Job of one pod in one zone. Green's role can't delete Jobs, so that they end and go by themselves: by a deadline, and by
 * their controller once they have ended. The pod passes the strictest level of Pod security.
 */
export function probeJob({ name, role, index, zone, image, script, env, deadlineSeconds }: JobArgs): KubeObject {
  const labels = { "app.kubernetes.io/managed-by": "clustershift", [askLabel]: name, "clustershift.dev/role": role };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `${name}-${role}-${index}`, namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: deadlineSeconds,
      ttlSecondsAfterFinished: 30,
      template: {
        metadata: { labels: { ...labels, "clustershift.dev/zone": zone.zone } },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 1,
          nodeSelector: { [zone.zoneLabel]: zone.zone, "kubernetes.io/os": "linux" },
          tolerations: zone.taints.map(({ key, value, effect }) => ({
            key,
            effect,
            ...(value === undefined ? { operator: "Exists" } : { operator: "Equal", value }),
          })),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_534,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: role,
              image,
              command: ["/bin/sh", "-c", script],
              env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
              resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "32Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  };
}
