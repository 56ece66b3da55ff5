import { z } from "zod";
import { foundationOutputsSchema } from "../outputs.js";
import { admissionSchema, securityGroupId } from "./admission-settings.js";
import { account, cidr, logRetentionDays, name, region, tags, uncoloured } from "./common.js";
import { groupSchema } from "./group-settings.js";
import { controllersSchema, identitySchema } from "./identity-settings.js";
import { namespacesSchema, veleroSchema } from "./in-cluster-settings.js";
import { objectName } from "./kubernetes-names.js";

const controlPlaneLogs = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

const addOnVersion = z
  .string("must be a version, or default")
  .regex(/^(default|v\d+\.\d+\.\d+-eksbuild\.\d+)$/, "must be default, or a version such as v1.20.4-eksbuild.2")
  .default("default")
  .describe("A version, or `default` for the one that EKS picks for the cluster's.");

const access = z.strictObject({
  name: name.describe("A name for the entry, once in a cluster."),
  principalArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/, {
      error: "is not the ARN of an IAM role or user",
      abort: true,
    })
    .describe("An IAM role or user."),
  policy: z
    .enum(["cluster-admin", "admin", "edit", "view"], "must be cluster-admin, admin, edit or view")
    .describe("One of Kubernetes' user-facing roles."),
  namespaces: z
    .array(objectName)
    .min(1, "at least one, or leave it out for the whole cluster")
    .optional()
    .describe("Left out: the whole cluster."),
});

/** What a cluster stack is told, key by key. What the keys say together is looked at in cluster-contradictions.ts. */
export const clusterSchema = z.strictObject({
  name: uncoloured.describe("Carries a version or a date, never a colour: colours are roles, and change hands."),
  version: z
    .string('must be text: quote it ("1.30" unquoted is the number 1.3)')
    .regex(/^1\.\d{2}$/, { error: 'must be a minor version, such as "1.35"', abort: true })
    .describe("Kubernetes' minor version, quoted."),
  region: region.describe("The AWS region."),
  account: account.optional().describe("Credentials of another account are refused."),
  tags: tags.default({}).describe("Put on everything, beside clustershift's own."),
  foundation: z
    .union([z.string().min(1), foundationOutputsSchema], {
      error: "must be the name of a foundation stack, or the outputs of one",
    })
    .describe(
      "The stack that has the network and the rest: `organization/clustershift/prod-foundation`; or its [outputs](stack-foundation.md#outputs).",
    ),
  endpoint: z
    .strictObject({
      public: z
        .boolean("must be true or false")
        .default(false)
        .describe("Whether the API is reached from outside the VPC."),
      publicCidrs: z.array(cidr).default([]).describe("Who may reach the public endpoint."),
    })
    .prefault({})
    .describe("How the API is reached; from inside the VPC always."),
  logs: z
    .strictObject({
      types: z
        .array(z.enum(controlPlaneLogs, `must be one of ${controlPlaneLogs.join(", ")}`))
        .default([...controlPlaneLogs])
        .describe("Which of the control plane's logs are kept."),
      retentionDays: logRetentionDays.default(90).describe("For how long."),
    })
    .prefault({})
    .describe("The control plane's logs, in CloudWatch, encrypted."),
  serviceCidr: cidr.optional().describe("The range of Services. Left out, EKS picks one that isn't the VPC's."),
  support: z
    .enum(["standard", "extended"], "must be standard or extended")
    .default("extended")
    .describe(
      "`extended` costs more an hour after 14 months; with `standard` AWS then upgrades the cluster by itself.",
    ),
  access: z
    .array(access, "who may use the cluster must be said")
    .min(1, "who may use the cluster must be said")
    .describe("Who may use the cluster, by access entries. Whoever runs the stack isn't among them by itself."),
  groups: z
    .array(groupSchema, "at least one group of nodes is needed")
    .min(1, "at least one group of nodes is needed")
    .describe("Groups of like nodes, as blue's instance groups."),
  admittedBy: z
    .array(admissionSchema)
    .default([])
    .describe(
      "Rules that are added to other people's security groups, so that they let this cluster in as they do blue. Each is a resource of its own: destroying the cluster takes it away, and no other rule.",
    ),
  nodeSecurityGroupIds: z
    .array(securityGroupId)
    .max(3, "at most 3: an interface has room for 5 groups, and the cluster's own are two of them")
    .default([])
    .describe("Security groups that aren't the cluster's, and that its nodes carry as blue's do. In the same VPC."),
  syslog: z
    .strictObject({
      group: name.describe("Which group receives."),
      allowFrom: z
        .array(cidr, "who may send must be said")
        .min(1, "who may send must be said")
        .describe("Who may send to port 514 of UDP and TCP."),
    })
    .optional()
    .describe("Syslog receivers: their group of nodes, and who may send to it."),
  addresses: z
    .record(name, name)
    .default({})
    .describe(
      "What this cluster will answer on: a name of its own to the name of one of the foundation's Elastic IPs.",
    ),
  addOns: z
    .strictObject({
      "vpc-cni": addOnVersion,
      "kube-proxy": addOnVersion,
      "eks-pod-identity-agent": addOnVersion,
      coredns: addOnVersion,
      "aws-ebs-csi-driver": addOnVersion,
      "metrics-server": addOnVersion,
      "snapshot-controller": addOnVersion,
    })
    .prefault({})
    .describe("EKS's managed add-ons, which every cluster has."),
  networkPolicy: z
    .enum(["vpc-cni", "calico", "none"], "must be vpc-cni, calico or none")
    .default("vpc-cni")
    .describe(
      "Who enforces NetworkPolicies. With `calico` the network add-on leaves them alone and is readied for Calico, which is installed as on any cluster.",
    ),
  controllers: controllersSchema.describe("Controllers that use AWS: those named get a role, by Pod Identity."),
  identities: z
    .array(identitySchema)
    .default([])
    .describe("Other service accounts that use AWS, such as those that had IRSA on blue: each gets a role of its own."),
  namespaces: namespacesSchema.describe(
    "Namespaces that are made beforehand, with a level of Pod security. The cluster's API must be reached from where the stack runs.",
  ),
  velero: veleroSchema.describe(
    "Velero, put in by the cluster's API, which must be reached from where the stack runs. Needs controllers.velero.",
  ),
});

export type ClusterSettings = z.output<typeof clusterSchema>;
export type AddOnName = keyof ClusterSettings["addOns"];
