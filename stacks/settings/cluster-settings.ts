import { z } from "zod";
import { foundationOutputsSchema } from "../outputs.js";
import { account, cidr, logRetentionDays, name, region, repeated, tags } from "./common.js";
import { groupSchema } from "./group-settings.js";
import { parseSettings } from "./parse-settings.js";

const controlPlaneLogs = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** The add-ons that every cluster has; the value is a version, or `default` for the one that EKS picks. */
const addOnVersion = z
  .string("must be a version, or default")
  .regex(/^(default|v\d+\.\d+\.\d+-eksbuild\.\d+)$/, "must be default, or a version such as v1.20.4-eksbuild.2")
  .default("default");

const access = z.strictObject({
  name,
  /** An IAM role or user. */
  principalArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/, "is not the ARN of an IAM role or user"),
  policy: z.enum(["cluster-admin", "admin", "edit", "view"], "must be cluster-admin, admin, edit or view"),
  /** Left out: the whole cluster. */
  namespaces: z.array(z.string().min(1)).min(1, "at least one, or leave it out for the whole cluster").optional(),
});

const clusterSchema = z
  .strictObject({
    /** Carries a version or a date, never a colour: colours are roles, and change hands. */
    name: name.refine((text) => !/(^|-)(blue|green)(-|$)/.test(text), {
      error: "must not say blue or green: today's green is the next migration's blue. Use a version or a date",
    }),
    /** Kubernetes minor version. */
    version: z
      .string('must be text: quote it ("1.30" unquoted is the number 1.3)')
      .regex(/^1\.\d{2}$/, 'must be a minor version, such as "1.35"'),
    region,
    account: account.optional(),
    tags: tags.default({}),
    /** The stack that has the network and the rest: `organization/clustershift/prod-foundation`; or its outputs. */
    foundation: z.union([z.string().min(1), foundationOutputsSchema], {
      error: "must be the name of a foundation stack, or the outputs of one",
    }),
    endpoint: z
      .strictObject({
        public: z.boolean("must be true or false").default(false),
        /** Who may reach the public endpoint. */
        publicCidrs: z.array(cidr).default([]),
      })
      .prefault({}),
    logs: z
      .strictObject({
        types: z
          .array(z.enum(controlPlaneLogs, `must be one of ${controlPlaneLogs.join(", ")}`))
          .default([...controlPlaneLogs]),
        retentionDays: logRetentionDays.default(90),
      })
      .prefault({}),
    /** The range of Services. Left out, EKS picks one that isn't the VPC's. */
    serviceCidr: cidr.optional(),
    /** `extended` costs more an hour after 14 months; with `standard` AWS then upgrades the cluster by itself. */
    support: z.enum(["standard", "extended"], "must be standard or extended").default("extended"),
    access: z.array(access, "who may use the cluster must be said").min(1, "who may use the cluster must be said"),
    groups: z
      .array(groupSchema, "at least one group of nodes is needed")
      .min(1, "at least one group of nodes is needed"),
    /** Syslog receivers: their group of nodes, and who may send to it, on port 514 of UDP and TCP. */
    syslog: z
      .strictObject({
        group: name,
        allowFrom: z.array(cidr, "who may send must be said").min(1, "who may send must be said"),
      })
      .optional(),
    /** What this cluster will answer on: a name of its own to the name of one of the foundation's Elastic IPs. */
    addresses: z.record(name, name).default({}),
    addOns: z
      .strictObject({
        "vpc-cni": addOnVersion,
        "kube-proxy": addOnVersion,
        "eks-pod-identity-agent": addOnVersion,
        coredns: addOnVersion,
        "aws-ebs-csi-driver": addOnVersion,
      })
      .prefault({}),
  })
  .superRefine((settings, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (settings.endpoint.public && settings.endpoint.publicCidrs.length === 0) {
      refuse(["endpoint", "publicCidrs"], "a public endpoint needs the ranges that may reach it");
    }
    if (!settings.endpoint.public && settings.endpoint.publicCidrs.length > 0) {
      refuse(["endpoint", "publicCidrs"], "has no effect while endpoint.public is false");
    }
    const admins = settings.access.filter(({ policy, namespaces }) => policy === "cluster-admin" && !namespaces);
    if (settings.access.length > 0 && admins.length === 0) {
      refuse(["access"], "nobody is cluster-admin of the whole cluster: no one could mend it");
    }
    settings.access.forEach((entry, index) => {
      if (entry.policy === "cluster-admin" && entry.namespaces !== undefined) {
        refuse(["access", index, "namespaces"], "cluster-admin is of the whole cluster: use admin for namespaces");
      }
    });
    for (const again of repeated(settings.groups.map((group) => group.name)))
      refuse(["groups"], `${again} is there twice`);
    for (const again of repeated(settings.access.map((entry) => entry.name)))
      refuse(["access"], `${again} is there twice`);
    if (settings.syslog !== undefined) {
      const { group: wanted } = settings.syslog;
      const group = settings.groups.find((each) => each.name === wanted);
      if (group === undefined) refuse(["syslog", "group"], `there is no group ${wanted}`);
      else if (group.subnets !== "public") {
        refuse(["syslog", "group"], `group ${wanted} must have subnets: public, or its Elastic IPs can't be reached`);
      }
    }
  });

export type ClusterSettings = z.output<typeof clusterSchema>;
export type AddOnName = keyof ClusterSettings["addOns"];

/** @throws UserError `config-invalid`, naming every wrong key. */
export function parseClusterSettings(raw: unknown): ClusterSettings {
  return parseSettings(clusterSchema, raw, "clustershift:cluster");
}
