import { gunzipSync, gzipSync } from "node:zlib";
import { messageOf } from "../model/errors.js";
import { isObject } from "../model/json.js";
import type { JsonObject, KubeObject } from "../model/objects.js";
import { replaceStrings } from "./json-strings.js";

/*
 * How Helm 3 (and 4) keeps a release: JSON, compressed by gzip (by Helm older than 3.0 final not at all), in base64, as `release` in a
 * Secret of type helm.sh/release.v1, or in a ConfigMap with the label owner=helm. One object a revision, named
 * sh.helm.release.v1.NAME.vREVISION. Source: helm.sh/helm/v3/pkg/storage/driver/{secrets,cfgmaps,util}.go.
 */
const releaseType = "helm.sh/release.v1";
const namePattern = /^sh\.helm\.release\.v1\..+\.v\d+$/;

/** An object of etcd has at most 1.5 MB, and gzip packs a thousandfold: what is larger than this is no release. Bytes. */
const mostBytes = 64 * 1024 * 1024;

/** One revision of a Helm release. */
export interface HelmRelease {
  name: string;
  namespace: string;
  /** The revision: 1, 2, … */
  version: number;
  /** `deployed`, `superseded`, `failed`, `pending-upgrade`, … */
  status: string;
  /** Every object that Helm applied, as YAML documents; the next upgrade is compared with it. */
  manifest: string;
  /** Manifests of hooks, each a YAML text; they aren't in `manifest`. */
  hooks: string[];
  /** The whole release, with all that isn't read here. */
  raw: JsonObject;
  /** The release's JSON as it was stored, byte for byte. */
  text: string;
}

/** A release, or why an object that says that it is one can't be read as one. */
export type ReadHelmRelease = { release: HelmRelease } | { problem: string };

/** The release that an object holds; undefined where it is no object of Helm's. Never throws. */
export function readHelmRelease(object: KubeObject): ReadHelmRelease | undefined {
  if (!isHelmRelease(object)) return undefined;
  try {
    return { release: releaseOf(textOf(object)) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** True for the objects in which Helm 3 keeps its releases, broken ones too. Helm 2's own format is another. */
export function isHelmRelease(object: KubeObject): boolean {
  if (object.apiVersion !== "v1" || !namePattern.test(object.metadata.name)) return false;
  if (object.kind === "Secret") return object.type === releaseType;
  return object.kind === "ConfigMap" && object.metadata.labels?.owner === "helm";
}

/**
 * The object with its release's manifests changed, and everything else of the release as it was, byte for byte.
 *
 * @param change the new text of a manifest (also of each hook's), or undefined to leave it
 * @throws Error where the object holds no release that can be read
 */
export function withManifests(object: KubeObject, change: (manifest: string) => string | undefined): KubeObject {
  const text = replaceStrings(textOf(object), (path, value) => {
    const isManifest = path.length === 1 && path[0] === "manifest";
    const isHook = path.length === 3 && path[0] === "hooks" && path[2] === "manifest";
    return isManifest || isHook ? change(value) : undefined;
  });
  const packed = gzipSync(text, { level: 9 });
  packed[9] = 255; // The gzip header's operating system, "unknown": every machine writes the same bytes.
  const inner = packed.toString("base64");
  const release = object.kind === "Secret" ? Buffer.from(inner).toString("base64") : inner;
  return { ...object, data: { ...(object.data as JsonObject), release } };
}

function textOf({ kind, data }: KubeObject): string {
  const stored = (data as JsonObject | undefined)?.release;
  if (typeof stored !== "string") throw new Error("it has no data.release");
  const inner = kind === "Secret" ? fromBase64(stored).toString("latin1") : stored;
  const bytes = fromBase64(inner);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
  const plain = isGzip ? unzipped(bytes) : bytes;
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain);
}

function fromBase64(text: string): Buffer {
  // Buffer.from takes anything; Go's decoder, and so Helm, ignores line breaks alone.
  const compact = text.replaceAll(/[\r\n]/g, "");
  const bytes = Buffer.from(compact, "base64");
  if (bytes.toString("base64") !== compact) throw new Error("data.release is not base64");
  return bytes;
}

function unzipped(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw error;
    throw new Error(`unpacked, it has more than ${mostBytes / 1024 / 1024} MiB`);
  }
}

function releaseOf(text: string): HelmRelease {
  const raw = parsed(text);
  if (!isObject(raw)) throw new Error("the release is no JSON object");
  const { name, namespace, version, manifest, info, hooks } = raw;
  if (typeof name !== "string" || typeof manifest !== "string")
    throw new Error("the release has no name or no manifest");
  return {
    name,
    namespace: typeof namespace === "string" ? namespace : "",
    version: typeof version === "number" ? version : 0,
    status: isObject(info) && typeof info.status === "string" ? info.status : "unknown",
    manifest,
    hooks: (Array.isArray(hooks) ? hooks : []).flatMap((hook) =>
      isObject(hook) && typeof hook.manifest === "string" ? [hook.manifest] : [],
    ),
    raw,
    text,
  };
}

/** The parser's own words quote what it read, which is a Secret's. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the release is not JSON");
  }
}
