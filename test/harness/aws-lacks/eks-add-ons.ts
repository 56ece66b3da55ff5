import type { Params } from "../aws-api/check.js";
import type { Handlers } from "./eks.js";
import { type ClusterState, invalid, need, newId, refuseExisting } from "./eks-state.js";
import { addOnNames, addOnVersions, clusterVersions } from "./eks-versions.js";

/** Managed add-ons, and pod identity associations with and without them. */
export const addOnHandlers: Handlers = {
  CreateAddon({ cluster, arn, kubernetes }, params) {
    const name = String(params.addonName);
    if (!addOnNames.some((each) => each === name)) throw invalid(`Addon ${name} specified is not supported`);
    refuseExisting(cluster.addOns.has(name), `Addon ${name}`);
    const versions = addOnVersions(kubernetes);
    const addonVersion = String(params.addonVersion ?? versions[0]);
    if (!versions.includes(addonVersion)) {
      throw invalid(`Addon version specified is not supported: ${name} ${addonVersion} on Kubernetes ${kubernetes}`);
    }
    const addon = {
      addonName: name,
      clusterName: params.clusterName,
      status: "ACTIVE",
      addonVersion,
      addonArn: arn("addon", `${params.clusterName}/${name}/${newId("")}`),
      tags: params.tags ?? {},
      ...(params.configurationValues === undefined ? {} : { configurationValues: params.configurationValues }),
      podIdentityAssociations: associate(cluster, arn, String(params.clusterName), params.podIdentityAssociations),
    };
    cluster.addOns.set(name, addon);
    return { addon };
  },
  DescribeAddon: ({ cluster }, params) => ({ addon: addOnOf(cluster, params) }),
  ListAddons: ({ cluster }) => ({ addons: [...cluster.addOns.keys()] }),
  UpdateAddon({ cluster, arn, update }, params) {
    const addon = addOnOf(cluster, params);
    if (params.addonVersion !== undefined) addon.addonVersion = params.addonVersion;
    if (params.configurationValues !== undefined) addon.configurationValues = params.configurationValues;
    if (params.podIdentityAssociations !== undefined) {
      dissociate(cluster, addon);
      const wanted = params.podIdentityAssociations;
      addon.podIdentityAssociations = associate(cluster, arn, String(params.clusterName), wanted);
    }
    return update("AddonUpdate");
  },
  DeleteAddon({ cluster }, params) {
    const addon = addOnOf(cluster, params);
    dissociate(cluster, addon);
    cluster.addOns.delete(String(params.addonName));
    return { addon };
  },
  CreatePodIdentityAssociation({ cluster, arn }, params) {
    return { association: newAssociation(cluster, arn, params) };
  },
  DescribePodIdentityAssociation({ cluster }, { associationId }) {
    return { association: need(cluster.associations.get(String(associationId)), `association ${associationId}`) };
  },
  ListPodIdentityAssociations({ cluster }, { namespace, serviceAccount }) {
    const associations = [...cluster.associations.values()]
      .filter((each) => namespace === undefined || each.namespace === namespace)
      .filter((each) => serviceAccount === undefined || each.serviceAccount === serviceAccount)
      .map((each) => ({
        clusterName: each.clusterName,
        namespace: each.namespace,
        serviceAccount: each.serviceAccount,
        associationArn: each.associationArn,
        associationId: each.associationId,
      }));
    return { associations };
  },
  UpdatePodIdentityAssociation({ cluster }, { associationId, roleArn }) {
    const association = need(cluster.associations.get(String(associationId)), `association ${associationId}`);
    association.roleArn = roleArn;
    return { association };
  },
  DeletePodIdentityAssociation({ cluster }, { associationId }) {
    const association = need(cluster.associations.get(String(associationId)), `association ${associationId}`);
    cluster.associations.delete(String(associationId));
    return { association };
  },
};

/** What EKS says without a cluster. */
export const versionHandlers: Record<string, (params: Params) => Params> = {
  DescribeClusterVersions: () => ({
    clusterVersions: clusterVersions.map((clusterVersion, index) => ({
      clusterVersion,
      clusterType: "eks",
      defaultVersion: index === 0,
      versionStatus: "STANDARD_SUPPORT",
    })),
  }),
  DescribeAddonVersions: ({ addonName, kubernetesVersion }) => ({
    addons: addOnNames
      .filter((name) => addonName === undefined || name === addonName)
      .map((name) => ({
        addonName: name,
        addonVersions: clusterVersions
          .filter((version) => kubernetesVersion === undefined || version === kubernetesVersion)
          .flatMap((clusterVersion) =>
            addOnVersions(clusterVersion).map((addonVersion, index) => ({
              addonVersion,
              compatibilities: [{ clusterVersion, defaultVersion: index === 0 }],
            })),
          ),
      })),
  }),
};

function addOnOf(cluster: ClusterState, { addonName }: Params): Params {
  return need(cluster.addOns.get(String(addonName)), `addon: ${addonName}`);
}

type ArnOf = (kind: string, name: string) => string;

function newAssociation(cluster: ClusterState, arn: ArnOf, params: Params): Params {
  const { clusterName, namespace, serviceAccount, roleArn, tags = {} } = params;
  const taken = [...cluster.associations.values()].some(
    (each) => each.namespace === namespace && each.serviceAccount === serviceAccount,
  );
  refuseExisting(taken, `Association of ${namespace}/${serviceAccount}`);
  const associationId = newId("a-");
  const association: Params = {
    clusterName,
    namespace,
    serviceAccount,
    roleArn,
    associationArn: arn("podidentityassociation", `${clusterName}/${associationId}`),
    associationId,
    tags,
  };
  cluster.associations.set(associationId, association);
  return association;
}

/** An add-on's own associations are in its namespace, and go with it. */
function associate(cluster: ClusterState, arn: ArnOf, clusterName: string, wanted: unknown): string[] {
  return ((wanted ?? []) as Params[]).map((each) =>
    String(newAssociation(cluster, arn, { ...each, clusterName, namespace: "kube-system" }).associationArn),
  );
}

function dissociate(cluster: ClusterState, { podIdentityAssociations }: Params): void {
  for (const arn of podIdentityAssociations as string[]) cluster.associations.delete(arn.split("/").at(-1) ?? "");
}
