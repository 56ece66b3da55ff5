import type { ApiResource } from "./objects.js";

/**
 * The manifest of a bundle: `bundle.json` beside one `objects/<Kind.group>.jsonl` a kind. Each line of those is one
 * object as blue's API gave it; a Secret's line is encrypted with age. docs/formats.md shows the bytes.
 */
export interface BundleManifest {
  format: 1;
  /** ISO 8601, UTC. */
  exportedAt: string;
  source: { name: string; version: string; clusterId: string };
  /** age recipients that can read the Secrets; empty where there are none in the bundle. */
  recipients: string[];
  kinds: BundleKind[];
  /** Sum of the kinds' counts. */
  objects: number;
}

export interface BundleKind {
  /** As it was read: the version chosen is in `resource.version`. */
  resource: ApiResource;
  /** Path within the bundle. */
  file: string;
  /** What blue listed. */
  count: number;
  bytes: number;
  /** sha256 of the file, hex. */
  sha256: string;
  encrypted: boolean;
}
