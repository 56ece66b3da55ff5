import {
  type AddonInfo,
  DescribeAddonCommand,
  DescribeAddonVersionsCommand,
  type DescribeAddonVersionsCommandOutput,
  DescribeClusterVersionsCommand,
  EKSClient,
  ListAddonsCommand,
  type ListAddonsCommandOutput,
  ListClustersCommand,
  type ListClustersCommandOutput,
} from "@aws-sdk/client-eks";
import type { Clock } from "../model/clock.js";
import type { AddOnOffer, ClusterVersion } from "../model/preflight.js";
import { createCall } from "./call.js";
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
      const names: string[] = [];
      let next: string | undefined;
      do {
        const page: ListAddonsCommandOutput = await call({ action: "ListAddons", resource: cluster }, () =>
          client.send(new ListAddonsCommand({ clusterName: cluster, nextToken: next })),
        );
        names.push(...(page.addons ?? []));
        next = page.nextToken;
      } while (next);
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

    async clusters() {
      const names: string[] = [];
      let next: string | undefined;
      do {
        const page: ListClustersCommandOutput = await call({ action: "ListClusters", resource: "EKS" }, () =>
          client.send(new ListClustersCommand({ nextToken: next })),
        );
        names.push(...(page.clusters ?? []));
        next = page.nextToken;
      } while (next);
      return names;
    },

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
          const infos: AddonInfo[] = [];
          let next: string | undefined;
          do {
            const page: DescribeAddonVersionsCommandOutput = await call(
              { action: "DescribeAddonVersions", resource: `${name} for ${minor}` },
              () =>
                client.send(
                  new DescribeAddonVersionsCommand({ addonName: name, kubernetesVersion: minor, nextToken: next }),
                ),
            );
            infos.push(...(page.addons ?? []));
            next = page.nextToken;
          } while (next);
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
