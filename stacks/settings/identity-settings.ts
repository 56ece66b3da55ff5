import { z } from "zod";
import { objectName } from "./kubernetes-names.js";

/** Service accounts that use AWS. */

const account = (namespace: string, serviceAccount: string) =>
  z
    .strictObject({
      namespace: objectName.default(namespace).describe("Where it runs."),
      serviceAccount: objectName.default(serviceAccount).describe("The service account of its pods."),
    })
    .optional();

/** Controllers whose permissions are known: each that is named gets its role. */
export const controllersSchema = z
  .strictObject({
    velero: account("velero", "velero").describe("Backups in the foundation's bucket, and snapshots of volumes."),
    "load-balancer-controller": account("kube-system", "aws-load-balancer-controller").describe(
      "Load balancers that carry this cluster's tag.",
    ),
    "external-dns": account("external-dns", "external-dns").describe("Records of the foundation's hosted zones."),
  })
  .default({});

/** Their roles would have the name of one that every cluster has. */
export const reservedNames = [
  "control-plane",
  "node",
  "vpc-cni",
  "ebs-csi",
  ...Object.keys(controllersSchema.unwrap().shape),
];

const statement = z.looseObject({
  Effect: z.enum(["Allow", "Deny"], "must be Allow or Deny"),
});

const document = z
  .looseObject({ Statement: z.union([statement, z.array(statement).min(1)], "must be a list of statements") })
  .describe("An IAM policy document, as `aws iam get-role-policy` prints it.");

export const identitySchema = z
  .strictObject({
    name: z
      .string("a name is needed")
      .regex(
        /^[a-z][a-z0-9-]{0,30}$/,
        "must be 1 to 31 lower-case letters, digits and hyphens, and start with a letter",
      )
      .refine((text) => !reservedNames.includes(text), "is the name of a role that the stack has already")
      .describe("The role's name, behind the cluster's."),
    namespace: objectName.describe("The namespace of the service account."),
    serviceAccount: objectName.describe("The service account of the pods."),
    by: z
      .enum(["pod-identity", "irsa"], "must be pod-identity or irsa")
      .default("pod-identity")
      .describe(
        "How pods get at the role. `irsa` for SDKs that are too old for Pod Identity: annotate the service account with the role of the outputs.",
      ),
    policyArns: z
      .array(z.string().regex(/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/.+$/, "is not the ARN of an IAM policy"))
      .default([])
      .describe("Policies that are attached, as blue's role has them."),
    policies: z
      .record(z.string().regex(/^[\w+=,.@-]{1,128}$/, "is not a name that IAM takes"), document)
      .default({})
      .describe("Policies of the role's own, by name: blue's inline ones."),
  })
  .superRefine((identity, context) => {
    if (identity.policyArns.length + Object.keys(identity.policies).length > 0) return;
    context.addIssue({ code: "custom", path: ["policyArns"], message: "or policies must say what the role may do" });
  });

export type ControllerName = keyof NonNullable<z.output<typeof controllersSchema>>;
