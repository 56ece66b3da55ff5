import { UserError } from "../model/errors.js";
import { type KubernetesVersion, kubernetesVersions } from "./binaries/versions.js";

/** Faults that can be planted in a green. `pod-network`: pods on the worker nodes never start, as with a CNI that is ill. */
export const faults = ["pod-network"] as const;
export type Fault = (typeof faults)[number];

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
