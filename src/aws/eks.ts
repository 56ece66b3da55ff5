import {
  DescribeAddonCommand,
  DescribeAddonVersionsCommand,
  DescribeClusterVersionsCommand,
  EKSClient,
  ListAddonsCommand,
  ListClustersCommand,
} from "@aws-sdk/client-eks";
import type { Clock } from "../model/clock.js";
import type { AddOnOffer, ClusterVersion } from "../model/preflight.js";
import { createCall } from "./call.js";
import { allPages } from "./pages.js";
import { type AwsSettings, clientSettings } from "./settings.js";

/** A managed add-on as a cluster has it. */
export interface InstalledAddOn {
  name: string;
  version: string;
  /** ACTIVE, DEGRADED, CREATING, … */
  status: string;
  /** In EKS's own words. */
  issues: string[];
}

/** EKS, read only. Methods throw UserError `aws-failed`. */
export interface Eks {
  addOns(cluster: string): Promise<InstalledAddOn[]>;
  clusters(): Promise<string[]>;
  /** What EKS says of one of Kubernetes' minors; undefined where it has never heard of it. */
  version(minor: string): Promise<ClusterVersion | undefined>;
  /** The versions of add-ons that fit a minor; none of an add-on that EKS doesn't have. */
  addOnOffers(minor: string, names: readonly string[]): Promise<AddOnOffer[]>;
  close(): void;
}

export function openEks(
  aws: AwsSettings,
  { clock, random = Math.random }: { clock: Clock; random?: () => number },
): Eks {
  const client = new EKSClient(clientSettings(aws));
  const { call } = createCall({ clock, now: () => performance.now(), random });
  return {
    async addOns(cluster) {
      const names = await allPages(
        (nextToken) =>
          call({ action: "ListAddons", resource: cluster }, () =>
            client.send(new ListAddonsCommand({ clusterName: cluster, nextToken })),
          ),
        ({ addons, nextToken }) => ({ items: addons, next: nextToken }),
      );
      return Promise.all(
        names.map(async (name) => {
          const { addon = {} } = await call({ action: "DescribeAddon", resource: `${cluster}/${name}` }, () =>
            client.send(new DescribeAddonCommand({ clusterName: cluster, addonName: name })),
          );
          return {
            name,
            version: addon.addonVersion ?? "",
            status: addon.status ?? "",
            issues: (addon.health?.issues ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(" ")),
          };
        }),
      );
    },

    clusters: () =>
      allPages(
        (nextToken) =>
          call({ action: "ListClusters", resource: "EKS" }, () => client.send(new ListClustersCommand({ nextToken }))),
        ({ clusters, nextToken }) => ({ items: clusters, next: nextToken }),
      ),

    async version(minor) {
      const { clusterVersions = [] } = await call(
        { action: "DescribeClusterVersions", resource: `Kubernetes ${minor}` },
        () => client.send(new DescribeClusterVersionsCommand({ clusterVersions: [minor] })),
      );
      const found = clusterVersions.find(({ clusterVersion }) => clusterVersion === minor);
      return (
        found && {
          status: found.versionStatus ?? "",
          standardUntil: found.endOfStandardSupportDate?.toISOString() ?? null,
          extendedUntil: found.endOfExtendedSupportDate?.toISOString() ?? null,
        }
      );
    },

    async addOnOffers(minor, names) {
      return Promise.all(
        names.map(async (name) => {
          const infos = await allPages(
            (nextToken) =>
              call({ action: "DescribeAddonVersions", resource: `${name} for ${minor}` }, () =>
                client.send(new DescribeAddonVersionsCommand({ addonName: name, kubernetesVersion: minor, nextToken })),
              ),
            ({ addons, nextToken }) => ({ items: addons, next: nextToken }),
          );
          const versions = infos.flatMap(({ addonVersions = [] }) => addonVersions);
          const usual = versions.find(({ compatibilities = [] }) =>
            compatibilities.some(({ clusterVersion, defaultVersion }) => clusterVersion === minor && defaultVersion),
          );
          return {
            name,
            versions: versions.flatMap(({ addonVersion }) => addonVersion ?? []),
            usual: usual?.addonVersion ?? null,
          };
        }),
      );
    },

    close() {
      client.destroy();
    },
  };
}
