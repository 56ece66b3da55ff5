import { shown, valueAt } from "../../paths.js";
import { type PolicyRule, ruleOf } from "../rule.js";

const cluster = "aws:eks/cluster:Cluster";
const everyone = ["0.0.0.0/0", "::/0"];

export const publicEndpoint: PolicyRule = {
  id: "public-endpoint",
  refuses: "An API endpoint that the whole internet reaches: whoever finds a credential is in.",
  check: ruleOf(cluster, (inputs) => {
    const open = valueAt(inputs, "vpcConfig.endpointPublicAccess");
    // AWS's own default is true, for everyone.
    if (open === false) return [];
    const property = "vpcConfig.publicAccessCidrs";
    const cidrs = valueAt(inputs, property);
    if (Array.isArray(cidrs) && cidrs.length > 0 && !cidrs.some((cidr) => everyone.includes(String(cidr)))) return [];
    return [
      {
        property,
        why: `the public endpoint is open to ${Array.isArray(cidrs) ? shown(cidrs) : "everyone"}`,
        whatToDo: "Set endpoint.public: false, or name the ranges that may reach it in endpoint.publicCidrs.",
      },
    ];
  }),
};

export const plainSecrets: PolicyRule = {
  id: "plain-secrets",
  refuses: "A cluster whose Secrets no key of yours encrypts in etcd.",
  check: ruleOf(cluster, (inputs) => {
    const property = "encryptionConfig.resources";
    const encrypted = valueAt(inputs, property);
    if (Array.isArray(encrypted) && encrypted.includes("secrets")) return [];
    return [
      {
        property,
        why: `it is ${shown(encrypted)}, without secrets`,
        whatToDo:
          "Give the cluster encryptionConfig with a KMS key, for secrets; it can't be added to all clusters later.",
      },
    ];
  }),
};

/** Without these nobody can say afterwards who did what. */
const neededLogs = ["api", "audit", "authenticator"];

export const logsOff: PolicyRule = {
  id: "logs-off",
  refuses: `A control plane that doesn't keep its logs of ${neededLogs.join(", ")}: nobody can say afterwards who did what.`,
  check: ruleOf(cluster, (inputs) => {
    const property = "enabledClusterLogTypes";
    const kept = valueAt(inputs, property);
    const lacking = neededLogs.filter((log) => !Array.isArray(kept) || !kept.includes(log));
    if (lacking.length === 0) return [];
    return [
      {
        property,
        why: `${lacking.join(", ")} is not kept`,
        whatToDo: "Name it in logs.types of the stack's settings.",
      },
    ];
  }),
};
