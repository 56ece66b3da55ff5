import { z } from "zod";
import { UserError } from "../src/model/errors.js";

/** What clustershift reads from a stack. A cluster stack's outputs are the same in AWS and in the sandbox. */

const text = z.string().min(1);
const subnetSchema = z.object({ id: text.describe("Its id."), zone: text.describe("Its zone.") });

/** What clusters read of a foundation. */
export const foundationOutputsSchema = z.object({
  vpcId: text.describe("The VPC."),
  vpcCidr: text.describe("The VPC's first range."),
  privateSubnets: z.array(subnetSchema).min(1).describe("Where nodes go."),
  publicSubnets: z.array(subnetSchema).describe("Where nodes with Elastic IPs go, and public load balancers."),
  hostedZones: z
    .array(z.object({ name: text.describe("Its domain."), id: text.describe("Its id.") }))
    .describe("The hosted zones of the settings, as they were found."),
  addresses: z
    .record(z.string(), z.object({ allocationId: text, publicIp: text }))
    .describe("Elastic IPs (`allocationId`, `publicIp`) by the name that the settings gave them."),
  egressIps: z
    .array(z.string())
    .describe(
      "The addresses that clusters leave by: what partners have in their allow-lists. Of a network that was found, its NAT gateways'.",
    ),
  backupBucket: text.describe("The bucket for backups."),
  keyArn: text.describe("The key for backups and for the clusters' secrets, volumes and logs."),
});

/** What a foundation's stack says, all of it. */
export const foundationStackSchema = foundationOutputsSchema.extend({
  logGroup: text.describe("The environment's log group."),
});

export type FoundationOutputs = z.output<typeof foundationOutputsSchema>;
export type FoundationStackOutputs = z.output<typeof foundationStackSchema>;
export type Subnet = z.output<typeof subnetSchema>;

const clusterOutputsSchema = z.object({
  kubeconfig: text.describe(
    "YAML, without secrets where the cluster's credentials come from a program (`aws eks get-token`).",
  ),
  context: text.describe("The context of that kubeconfig to use."),
  version: text.describe("Kubernetes version, such as 1.35 or v1.35.4."),
  groups: z
    .array(
      z.object({ name: text.describe("Its name."), zones: z.array(text).describe("The zones that it has nodes in.") }),
    )
    .describe("The groups of nodes."),
  addresses: z
    .record(z.string(), text)
    .describe("What the cluster answers on, by name: `ingress` to an address, a host name or host:port."),
});

/** What an EKS cluster's stack says, all of it. */
export const eksOutputsSchema = clusterOutputsSchema.extend({
  endpoint: text.describe("The API's address."),
  clusterName: text.describe("The cluster's name in EKS."),
  region: text.describe("The region that it is in."),
  securityGroupId: text.describe("The group of control plane and nodes: what lets this cluster in names it."),
  nodeRoleArn: text.describe("The role of its nodes."),
  issuerUrl: text.describe("Who signs the tokens of its service accounts."),
  roleArns: z
    .record(z.string(), text)
    .describe("Roles of service accounts, by controller or identity: what IRSA's annotations name."),
});

export type ClusterOutputs = z.output<typeof clusterOutputsSchema>;
export type EksOutputs = z.output<typeof eksOutputsSchema>;

/** Outputs of a cluster stack; what else the stack has is left out. @throws UserError `green-missing`. */
export function parseClusterOutputs(raw: unknown): ClusterOutputs {
  return parseOutputs(clusterOutputsSchema, raw, "cluster");
}

/** Outputs of a foundation stack. @throws UserError `green-missing`. */
export function parseFoundationOutputs(raw: unknown): FoundationOutputs {
  return parseOutputs(foundationOutputsSchema, raw, "foundation");
}

function parseOutputs<S extends z.ZodType>(schema: S, raw: unknown, kind: string): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map((issue) => `${issue.path.join(".") || "outputs"}: ${issue.message}`);
  throw new UserError({
    code: "green-missing",
    what: `The ${kind} stack doesn't have the outputs that it should:\n${missing.join("\n")}`,
    fix: `Bring the ${kind} stack up (again) with this version of clustershift.`,
  });
}
