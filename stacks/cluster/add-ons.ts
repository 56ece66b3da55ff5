import { Addon } from "@pulumi/aws/eks/addon.js";
import * as pulumi from "@pulumi/pulumi";
import type { AddOnName, ClusterSettings } from "../settings/cluster-settings.js";

/** How an add-on is put in. */
interface AddOn {
  name: AddOnName;
  /** Nodes are not Ready without the first kind; pods of the second have nowhere to run before there are nodes. */
  when: "before-nodes" | "after-nodes";
  /** The service account that takes on a role of its own, by Pod Identity. */
  serviceAccount?: string;
}

/** In the order in which they are read here. Register a new one here, and in the settings. */
const addOns: readonly AddOn[] = [
  { name: "eks-pod-identity-agent", when: "before-nodes" },
  { name: "vpc-cni", when: "before-nodes", serviceAccount: "aws-node" },
  { name: "kube-proxy", when: "before-nodes" },
  { name: "coredns", when: "after-nodes" },
  { name: "aws-ebs-csi-driver", when: "after-nodes", serviceAccount: "ebs-csi-controller-sa" },
  { name: "metrics-server", when: "after-nodes" },
  { name: "snapshot-controller", when: "after-nodes" },
];

export interface AddOnsArgs {
  clusterName: pulumi.Input<string>;
  when: AddOn["when"];
  /** `default`, or a version. */
  versions: Record<AddOnName, string>;
  /** Roles of those that have a service account. */
  roleArns: Partial<Record<AddOnName, pulumi.Input<string>>>;
  networkPolicy: ClusterSettings["networkPolicy"];
  /** What must be there first. Said to each add-on: a component's own dependsOn doesn't reach what is in it. */
  after: pulumi.Resource[];
}

/** EKS's managed add-ons: AWS keeps them patched, and refuses versions that don't fit the cluster's. */
export class AddOns extends pulumi.ComponentResource {
  constructor(name: string, args: AddOnsArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:AddOns", name, {}, options);
    for (const addOn of addOns.filter(({ when }) => when === args.when)) {
      const version = args.versions[addOn.name];
      const roleArn = args.roleArns[addOn.name];
      const configuration = addOn.name === "vpc-cni" ? networkOf(args.networkPolicy) : undefined;
      new Addon(
        `${name}-${addOn.name}`,
        {
          clusterName: args.clusterName,
          addonName: addOn.name,
          ...(version === "default" ? {} : { addonVersion: version }),
          ...(addOn.serviceAccount === undefined || roleArn === undefined
            ? {}
            : { podIdentityAssociations: [{ serviceAccount: addOn.serviceAccount, roleArn }] }),
          ...(configuration === undefined ? {} : { configurationValues: JSON.stringify(configuration) }),
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "PRESERVE",
        },
        { parent: this, dependsOn: args.after },
      );
    }
    this.registerOutputs({});
  }
}

/** The add-on's own schema wants words, not booleans. Calico learns from the annotation which address a pod has. */
function networkOf(policy: ClusterSettings["networkPolicy"]): object {
  const enableNetworkPolicy = String(policy === "vpc-cni");
  return policy === "calico" ? { enableNetworkPolicy, env: { ANNOTATE_POD_IP: "true" } } : { enableNetworkPolicy };
}
