import { compareMinor, parseKubeVersion } from "../../model/kube-version.js";
import type { ClusterCheck } from "../check.js";
import { unless } from "../check.js";

export const version: ClusterCheck = {
  name: "version",
  check({ version: actual }, { version: wanted }) {
    const [is, shall] = [parseKubeVersion(actual), parseKubeVersion(wanted)];
    const fits = is && shall && compareMinor(is, shall) === 0;
    return unless(fits ? [] : [`the API server is ${actual}, not ${wanted}`], `the API server is ${actual}`);
  },
};

/** The leader of each controller renews its lease every few seconds. */
const leaders = ["kube-controller-manager", "kube-scheduler"];
const leaseMaxAgeMs = 60_000;

/** Managed control planes may not show these leases: what isn't there can't be silent. */
export const controllers: ClusterCheck = {
  name: "controllers",
  check({ leases, at }) {
    const shown = leases.filter(({ metadata }) => leaders.includes(metadata.name));
    const silent = shown.filter(({ spec }) => {
      const renewed = Date.parse(String((spec as { renewTime?: string } | undefined)?.renewTime));
      // Also where that is no time.
      return !(at - renewed <= leaseMaxAgeMs);
    });
    return unless(
      silent.map(({ metadata }) => `${metadata.name} hasn't renewed its lease for a minute`),
      shown.length > 0
        ? `${shown.map(({ metadata }) => metadata.name).join(" and ")} renew their leases`
        : "the control plane shows no leases of its controllers",
    );
  },
};

export const dns: ClusterCheck = {
  name: "DNS",
  check({ endpointSlices }) {
    const slices = endpointSlices.filter(
      ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "kube-dns",
    );
    const endpoints = slices.flatMap(
      (slice) => (slice.endpoints as { conditions?: { ready?: boolean } }[] | undefined) ?? [],
    );
    const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
    return unless(
      ready > 0 ? [] : ["the kube-dns service has no ready endpoint"],
      `kube-dns has ${ready} ready endpoints`,
    );
  },
};
