import type { Faces, TrustingRole } from "../../../model/faces.js";
import type { Finding } from "../../../model/finding.js";
import type { Assessor } from "../../assessment.js";
import { accountOf, hasIdentity, isGivenToGreen } from "../../surroundings/accounts.js";
import { awsObject, listed, surrounding } from "./words.js";

/** Roles that green's workloads won't get, because their trust names blue. */
export const rolesTrustBlue: Assessor = ({ faces }) =>
  (faces?.roles ?? [])
    .filter((role) => !role.trustsGreen)
    .flatMap((role): Finding[] => [...byIssuer(role, faces as Faces), ...byNodes(role)]);

/** Service accounts that have a role on blue by Pod Identity, and none on green. */
export const podIdentities: Assessor = ({ faces }) =>
  (faces?.blue.podIdentities ?? [])
    .filter(({ namespace, serviceAccount }) => !hasIdentity(faces as Faces, namespace, serviceAccount))
    .map(({ namespace, serviceAccount, roleArn }) =>
      surrounding("pod-identity-of-blue", "warning", {
        object: awsObject("iam", "Role", roleArn.split("/").at(-1) ?? roleArn),
        why: `Blue's ${namespace}/${serviceAccount} has it by a Pod Identity association, which is blue's alone.`,
        whatToDo:
          "Give green's a role of its own: identities in the cluster stack's settings, as init writes it; or associate this one, where its trust allows green.",
        commands: [
          `aws eks create-pod-identity-association --region ${faces?.region} --cluster-name ${faces?.green.name} --namespace ${namespace} --service-account ${serviceAccount} --role-arn ${roleArn}`,
        ],
      }),
    );

function byIssuer(role: TrustingRole, faces: Faces): Finding[] {
  if (role.issuer === undefined || isGivenToGreen(role, faces)) return [];
  const single = role.subjects.length > 0 && role.subjects.every((subject) => accountOf(subject));
  const who = role.subjects.length > 0 ? listed(role.subjects) : "any service account";
  return [
    surrounding("role-trusts-blue", "warning", {
      object: awsObject("iam", "Role", role.name),
      why: `It trusts tokens of blue's issuer ${role.issuer} for ${who}, and none of green's.`,
      whatToDo: single
        ? "Give green's service accounts a role of their own with its policies: identities in the cluster stack's settings, as init writes it; or add green's issuer (its output issuerUrl) to the trust, beside blue's."
        : "Add green's issuer (the stack's output issuerUrl) to the trust, beside blue's: whom it means isn't written there one by one.",
      commands: trustCommands(role.name),
    }),
  ];
}

function byNodes(role: TrustingRole): Finding[] {
  if (role.nodeRoles.length === 0) return [];
  return [
    surrounding("role-trusts-nodes", "warning", {
      object: awsObject("iam", "Role", role.name),
      why: `It trusts the role of blue's nodes, ${listed(role.nodeRoles)}, as kiam and kube2iam want it. Green's nodes have another role, and its pods don't get at that.`,
      whatToDo:
        "Give the workload's service account a role of its own: identities in the cluster stack's settings; or let it trust green's nodes too (the stack's output nodeRoleArn), where kiam or kube2iam stays.",
      commands: trustCommands(role.name),
    }),
  ];
}

/** Its trust is one document: it is read, edited and written back whole. */
function trustCommands(name: string): string[] {
  return [
    `aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument > trust.json`,
    `aws iam update-assume-role-policy --role-name ${name} --policy-document file://trust.json`,
  ];
}
