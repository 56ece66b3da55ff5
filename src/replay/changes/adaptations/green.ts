import { compareMinor, type KubeVersion, parseKubeVersion } from "../../../model/kube-version.js";

/** Green's version; undefined where nobody said it: the newest is meant. */
export type GreenVersion = KubeVersion | undefined;

/** True where green is of this minor version or newer. */
export function isAtLeast(green: GreenVersion, minor: string): boolean {
  const least = parseKubeVersion(minor);
  return !green || !least || compareMinor(green, least) >= 0;
}

/** What stands green up; undefined where nobody said it. */
export type GreenKind = "eks" | "sandbox" | undefined;
