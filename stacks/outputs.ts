import { z } from "zod";
import { UserError } from "../src/model/errors.js";

/** What clustershift reads from a stack. A cluster stack's outputs are the same in AWS and in the sandbox. */

const subnetSchema = z.object({ id: z.string().min(1), zone: z.string().min(1) });

export const foundationOutputsSchema = z.object({
  vpcId: z.string().min(1),
  vpcCidr: z.string().min(1),
  privateSubnets: z.array(subnetSchema).min(1),
  publicSubnets: z.array(subnetSchema),
  hostedZones: z.array(z.object({ name: z.string().min(1), id: z.string().min(1) })),
  /** Elastic IPs by the name that the settings gave them. */
  addresses: z.record(z.string(), z.object({ allocationId: z.string().min(1), publicIp: z.string().min(1) })),
  /** The addresses that clusters leave by: what partners have in their allow-lists. Empty where the network was found. */
  egressIps: z.array(z.string()),
  backupBucket: z.string().min(1),
  keyArn: z.string().min(1),
});

export type FoundationOutputs = z.output<typeof foundationOutputsSchema>;
export type Subnet = z.output<typeof subnetSchema>;

const clusterOutputsSchema = z.object({
  /** YAML, without secrets where the cluster's credentials come from a program (`aws eks get-token`). */
  kubeconfig: z.string().min(1),
  /** The context of that kubeconfig to use. */
  context: z.string().min(1),
  /** Kubernetes version, such as 1.35 or v1.35.4. */
  version: z.string().min(1),
  groups: z.array(z.object({ name: z.string().min(1), zones: z.array(z.string().min(1)) })),
  /** What the cluster answers on, by name: `ingress` to an address, a host name or host:port. */
  addresses: z.record(z.string(), z.string().min(1)),
});

export type ClusterOutputs = z.output<typeof clusterOutputsSchema>;

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
