import type { Faces, NamingPolicy } from "../../../model/faces.js";
import { uncovered } from "../../../model/ranges.js";
import type { Assessor } from "../../assessment.js";
import { hasIdentity, isGivenToGreen } from "../../surroundings/accounts.js";
import { awsObject, listed, surrounding } from "./words.js";

const kinds = {
  bucket: { service: "s3", kind: "Bucket", read: "aws s3api get-bucket-policy --bucket" },
  key: { service: "kms", kind: "Key", read: "aws kms get-key-policy --policy-name default --key-id" },
  endpoint: { service: "ec2", kind: "VpcEndpoint", read: "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids" },
};

/** Policies of buckets, keys and endpoints that name what blue is, and not what green will be. */
export const policiesNameBlue: Assessor = ({ faces }) => {
  if (!faces) return [];
  return faces.policies.flatMap((policy) => {
    const named = namedOnly(policy, faces);
    if (named.length === 0) return [];
    const { service, kind, read } = kinds[policy.kind];
    return [
      surrounding("policy-names-blue", "warning", {
        object: awsObject(service, kind, policy.name),
        why: `Its policy names what is blue's, and not green's: ${named.join("; ")}.`,
        whatToDo:
          "Whoever owns it must name green's beside blue's before traffic moves: roles are in the stack's outputs nodeRoleArn and roleArns. This prints the policy.",
        commands: [`${read} ${policy.name} --region ${faces.region}`],
      }),
    ];
  });
};

function namedOnly({ roleArns, ranges, networks }: NamingPolicy, faces: Faces): string[] {
  const { green, blue } = faces;
  const roles = roleArns.filter((arn) => blue.roleArns.includes(arn) || isReplaced(arn, faces));
  const closed = ranges.length > 0 && (!green.egress || uncovered(green.egress.addresses, ranges).length > 0);
  const elsewhere = networks.length > 0 && (green.vpcId === undefined || green.vpcId !== blue.vpcId);
  return [
    ...(roles.length > 0 ? [`roles ${listed(roles)}`] : []),
    ...(closed ? [`source addresses ${listed(ranges)}`] : []),
    ...(elsewhere ? [`networks ${listed(networks)}`] : []),
  ];
}

/** A workload keeps its role where green's issuer is added to it, and has another one where the stack makes it. */
function isReplaced(arn: string, faces: Faces): boolean {
  const role = faces.roles.find((each) => each.arn === arn);
  if (role) return isGivenToGreen(role, faces);
  return faces.blue.podIdentities.some(
    ({ roleArn, namespace, serviceAccount }) => roleArn === arn && hasIdentity(faces, namespace, serviceAccount),
  );
}
