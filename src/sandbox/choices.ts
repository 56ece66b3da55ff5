import { UserError } from "../model/errors.js";
import { compareMinor, formatMinor, type KubeVersion, parseKubeVersion } from "../model/kube-version.js";
import { type KubernetesVersion, kubernetesVersions } from "./binaries/versions.js";

/** Faults that can be planted in a green. `pod-network`: pods on the worker nodes never start, as with a CNI that is ill. */
export const faults = ["pod-network"] as const;
export type Fault = (typeof faults)[number];

/** Of a throw-away control plane that takes what one of version `wanted` had: its own, or the nearest newer one that can be had. */
export function controlVersionFor(wanted: string): { version: KubernetesVersion; because: string } {
  const from = parseKubeVersion(wanted);
  if (!from)
    throw new UserError({
      code: "usage",
      what: `"${wanted}" is no version of Kubernetes.`,
      fix: "State the backup's version, for example: --from-version 1.21",
    });
  // The newest comes first.
  const newer = kubernetesVersions.filter((version) => compareTo(version, from) >= 0);
  const version = newer.at(-1);
  if (!version)
    throw new UserError({
      code: "usage",
      what: `No control plane of Kubernetes ${formatMinor(from)} or a newer one can be had to restore into.`,
      fix: `There are ${kubernetesVersions.join(", ")}. Use a newer clustershift.`,
    });
  const because =
    compareTo(version, from) === 0
      ? "the backup's own version"
      : `the nearest that can be had: there is none of ${formatMinor(from)}`;
  return { version, because };
}

function compareTo(version: string, from: KubeVersion): number {
  const parsed = parseKubeVersion(version);
  return parsed ? compareMinor(parsed, from) : -1;
}

/** The release in the table of versions that a configured one, e.g. `1.35`, means. */
export function sandboxVersion(wanted: string): KubernetesVersion {
  const plain = wanted.replace(/^v/, "");
  const found = kubernetesVersions.find((version) => version === plain || version.startsWith(`${plain}.`));
  if (found) return found;
  throw new UserError({
    code: "usage",
    what: `The sandbox has no Kubernetes ${wanted}.`,
    fix: `It has ${kubernetesVersions.join(", ")}.`,
  });
}
