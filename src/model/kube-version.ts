/** A Kubernetes release. Patch is absent where only a minor is meant, as in `to: "1.35"`. */
export interface KubeVersion {
  major: number;
  minor: number;
  patch?: number;
}

/** Reads `1.35`, `v1.24.17` and vendors' forms such as `v1.27.3-eks-a5565ad`; undefined where it is none of them. */
export function parseKubeVersion(text: string): KubeVersion | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(text.trim());
  if (!match) return undefined;
  const version: KubeVersion = { major: Number(match[1]), minor: Number(match[2]) };
  if (match[3] !== undefined) version.patch = Number(match[3]);
  return version;
}

/** Negative where a is older than b. Only major and minor count: APIs don't change within a minor. */
export function compareMinor(a: KubeVersion, b: KubeVersion): number {
  return a.major - b.major || a.minor - b.minor;
}

export function formatMinor({ major, minor }: KubeVersion): string {
  return `${major}.${minor}`;
}
