import type { Recipe } from "./recipe.js";

/** Where a project publishes one program. */
export interface Release {
  url: string;
  /** A file of checksums, or of one; absent where the project publishes none. */
  checksums?: string;
  /** The file's name in `checksums`. */
  file: string;
  /** The program's path in the archive; absent where the file is the program. */
  member?: string;
}

const goArch: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

/** The official download for this machine, or undefined where the project has none for it. */
export function releaseOf(
  { program, version }: Pick<Recipe, "program" | "version">,
  platform: NodeJS.Platform,
  architecture: NodeJS.Architecture,
): Release | undefined {
  const arch = goArch[architecture];
  if (!arch || (platform !== "linux" && platform !== "darwin")) return undefined;
  switch (program) {
    case "etcd": {
      const folder = `etcd-v${version}-${platform}-${arch}`;
      const file = `${folder}.${platform === "linux" ? "tar.gz" : "zip"}`;
      const base = `https://github.com/etcd-io/etcd/releases/download/v${version}`;
      return { url: `${base}/${file}`, checksums: `${base}/SHA256SUMS`, file, member: `${folder}/etcd` };
    }
    case "kwok":
    case "kwokctl": {
      const file = `${program}-${platform}-${arch}`;
      return { url: `https://github.com/kubernetes-sigs/kwok/releases/download/v${version}/${file}`, file };
    }
    case "pulumi": {
      const file = `pulumi-v${version}-${platform}-${architecture}.tar.gz`;
      const base = `https://github.com/pulumi/pulumi/releases/download/v${version}`;
      return {
        url: `${base}/${file}`,
        checksums: `${base}/pulumi-${version}-checksums.txt`,
        file,
        member: "pulumi/pulumi",
      };
    }
    case "velero": {
      const folder = `velero-v${version}-${platform}-${arch}`;
      const base = `https://github.com/vmware-tanzu/velero/releases/download/v${version}`;
      const file = `${folder}.tar.gz`;
      return { url: `${base}/${file}`, checksums: `${base}/CHECKSUM`, file, member: `${folder}/velero` };
    }
    // It's published as a container's image alone.
    case "velero-plugin-for-aws":
      return undefined;
    default: {
      // Kubernetes' servers are published for Linux alone.
      if (platform !== "linux") return undefined;
      const url = `https://dl.k8s.io/release/v${version}/bin/linux/${arch}/${program}`;
      return { url, checksums: `${url}.sha256`, file: program };
    }
  }
}

/** Finds a file's SHA-256 in a checksum file: lines of `<hash>  <name>`, or the hash alone. */
export function findChecksum(text: string, file: string): string | undefined {
  const lines = text
    .split("\n")
    .map((line) => line.trim().split(/\s+\*?/))
    .filter(([hash]) => hash && /^[0-9a-f]{64}$/i.test(hash));
  const line = lines.length === 1 && !lines[0]?.[1] ? lines[0] : lines.find(([, name]) => name === file);
  return line?.[0]?.toLowerCase();
}
