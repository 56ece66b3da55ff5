import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../settings/cluster-settings.js";
import { Namespaces } from "./namespaces.js";
import { Velero } from "./velero.js";

export interface InClusterArgs {
  settings: Pick<ClusterSettings, "name" | "region" | "namespaces" | "velero" | "controllers">;
  kubeconfig: pulumi.Input<string>;
  backupBucket: string;
  /** What everything in the cluster goes down with. */
  cluster: pulumi.Resource;
  /** What must be there first: nodes, and DNS. */
  after: pulumi.Resource[];
}

/**
 * What is put in by the cluster's own API. That must be reached from where the stack runs, with the AWS CLI at hand: so
 * there is nothing of it unless it is asked for.
 */
export class InCluster extends pulumi.ComponentResource {
  constructor(name: string, args: InClusterArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:InCluster", name, {}, options);
    const { namespaces, velero, controllers, region, name: clusterName } = args.settings;
    if (Object.keys(namespaces).length > 0 || velero !== undefined) {
      const provider = new Provider(name, { kubeconfig: args.kubeconfig }, { parent: this });
      // Destroyed with its cluster, nothing in it has to be deleted one by one, nor its API to be reached.
      const within = { provider, dependsOn: args.after, deletedWith: args.cluster };
      new Namespaces(name, namespaces, within, { parent: this });
      if (velero !== undefined && controllers.velero !== undefined) {
        const { backupBucket } = args;
        const server = { ...velero, ...controllers.velero, region, clusterName, backupBucket };
        new Velero(`${name}-velero`, server, within, { parent: this });
      }
    }
    this.registerOutputs({});
  }
}
