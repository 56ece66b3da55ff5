import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import * as pulumi from "@pulumi/pulumi";
import { podSecurityLabels } from "./namespaces.js";
import { type VeleroServerArgs, veleroServer } from "./velero-server.js";

export interface VeleroArgs extends VeleroServerArgs {
  clusterName: string;
  backupBucket: string;
}

/** The server needs less; the pods that it starts by itself for repositories are not ours to confine. */
const level = { enforce: "baseline", warn: "restricted" } as const;

/** Velero, with the foundation's bucket: each cluster's backups below its own name, and all of them outlive it. */
export class Velero extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: VeleroArgs,
    within: pulumi.CustomResourceOptions,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("clustershift:cluster:Velero", name, {}, options);
    const { namespace, serviceAccount, region, image, clusterName, backupBucket } = args;
    const after = (...resources: pulumi.Resource[]) => {
      const first = [within.dependsOn ?? []].flat() as pulumi.Resource[];
      return { ...within, parent: this, dependsOn: [...first, ...resources] };
    };
    const metadata = (own: string) => ({ name: own, namespace });

    const home = new Namespace(name, { metadata: { name: namespace, labels: podSecurityLabels(level) } }, after());
    const account = new ServiceAccount(name, { metadata: metadata(serviceAccount) }, after(home));
    // It restores whatever it is told to, RBAC included.
    const binding = new ClusterRoleBinding(
      name,
      {
        metadata: { name: `${namespace}-${serviceAccount}` },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
      },
      after(account),
    );
    // The definitions are in the program, so they are always those of its version.
    const definitions = new Job(
      `${name}-definitions`,
      { metadata: metadata("velero-definitions"), spec: definitionsJob(args) },
      { ...after(binding), replaceOnChanges: ["spec"], deleteBeforeReplace: true },
    );
    const location = (kind: string, spec: object) =>
      new CustomResource(
        `${name}-${kind.toLowerCase()}`,
        { apiVersion: "velero.io/v1", kind, metadata: metadata("default"), spec },
        after(definitions),
      );
    location("BackupStorageLocation", {
      provider: "aws",
      default: true,
      objectStorage: { bucket: backupBucket, prefix: clusterName },
      config: { region },
    });
    location("VolumeSnapshotLocation", { provider: "aws", config: { region } });
    new Deployment(name, { metadata: metadata("velero"), spec: veleroServer({ ...args, image }) }, after(definitions));
    this.registerOutputs({});
  }
}

/** `velero install --crds-only` makes the definitions, and leaves alone those that are there. */
function definitionsJob(args: VeleroServerArgs) {
  const { serviceAccountName, securityContext, containers } = veleroServer(args).template.spec;
  const definitions = containers.map(({ name, image, command, securityContext }) => {
    return { name, image, command, args: ["install", "--crds-only"], securityContext };
  });
  return {
    backoffLimit: 6,
    template: { spec: { restartPolicy: "OnFailure", serviceAccountName, securityContext, containers: definitions } },
  };
}
