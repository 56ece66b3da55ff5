import type { Remark } from "../../../model/migration.js";
import type { KubeObject } from "../../../model/objects.js";
import { notice } from "./adaptation.js";
import { podKinds, podTemplateOf } from "./pod-template.js";

/** Annotations that give pods an identity at the cloud, and what ties it to blue. A flat table: one line an annotation. */
const identities: readonly { annotation: string; id: string; what: string; whatToDo: string }[] = [
  {
    annotation: "eks.amazonaws.com/role-arn",
    id: "identity-irsa",
    what: "is assumed by tokens that blue's OIDC issuer signs",
    whatToDo: "Add green's issuer to the role's trust policy before cutover, beside blue's, or use EKS Pod Identity.",
  },
  {
    annotation: "iam.amazonaws.com/role",
    id: "identity-kiam",
    what: "is given by kiam or kube2iam, which assume it with the role of blue's nodes",
    whatToDo:
      "Let the role trust green's nodes too, or move it to EKS Pod Identity: both tools are no longer maintained.",
  },
  {
    annotation: "iam.gke.io/gcp-service-account",
    id: "identity-gke",
    what: "is bound to blue's workload identity pool and its namespace",
    whatToDo: "Bind it for green's pool too, before cutover.",
  },
  {
    annotation: "azure.workload.identity/client-id",
    id: "identity-azure",
    what: "has a federated credential for blue's OIDC issuer",
    whatToDo: "Add a federated credential for green's issuer, before cutover.",
  },
];

/** `Kind.group` of everything that may name one. */
export const identityKinds: readonly string[] = ["ServiceAccount", "Namespace", ...podKinds];

/** The roles at a cloud that an object's annotations, or those of its pods, name. */
export function rolesOf(object: KubeObject): string[] {
  const all = annotationsOf(object);
  return identities.flatMap(({ annotation }) => (all[annotation] ? [String(all[annotation])] : []));
}

/** Identities at a cloud that trust blue, and will not know green. */
export const workloadIdentity = notice({
  id: "workload-identity",
  reason: "Roles at a cloud that workloads assume trust blue, and not yet green: each is pointed out.",
  kinds: identityKinds,
  look(object) {
    const all = annotationsOf(object);
    return identities.flatMap(({ annotation, id, what, whatToDo }): Remark[] => {
      const role = all[annotation];
      return role ? [{ id, severity: "warning", why: `The identity ${role} ${what}.`, whatToDo }] : [];
    });
  },
});

function annotationsOf(object: KubeObject): Record<string, unknown> {
  return { ...object.metadata.annotations, ...podTemplateOf(object)?.annotations };
}
