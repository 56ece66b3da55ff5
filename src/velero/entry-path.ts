import { refused } from "./refused.js";

/** Where an object lies in a backup, and what that says of it. */
export interface ObjectPath {
  /** `resource.group`, or `resource` for the core group, as the folder is named. */
  folder: string;
  /** The plural in URLs. */
  resource: string;
  group: string;
  /** Only in the versioned form. */
  version?: string;
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
}

export type EntryPath = { entry: "format-version" } | ({ entry: "object" } & ObjectPath);

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const preferredSuffix = "-preferredversion";

/**
 * Reads the path of a file in a backup's archive, in the layout of Velero's format 1:
 *
 *     metadata/version
 *     resources/<resource.group>/cluster/<name>.json
 *     resources/<resource.group>/namespaces/<namespace>/<name>.json
 *     resources/<resource.group>/<version>[-preferredversion]/(cluster|namespaces/<namespace>)/<name>.json
 *
 * Nothing is ever written to such a path; it's refused all the same where it is none that Velero writes. Names can be any that
 * an API server takes as part of a URL, since those of roles may be. Throws `UserError` bundle-invalid.
 */
export function parseEntryPath(path: string): EntryPath {
  const segments = segmentsOf(path);
  if (path === "metadata/version") return { entry: "format-version" };
  const [top, folder = "", ...rest] = segments;
  const scope = top === "resources" ? parseScope(rest) : undefined;
  if (!scope) throw refused(path, "isn't where Velero puts anything", undefined, "stray");

  const { version, namespace, file } = scope;
  const [resource = "", ...labels] = folder.split(".");
  if (![resource, ...labels].every((part) => label.test(part))) throw refused(path, `${folder} names no resource`);
  if (version !== undefined && !label.test(version)) throw refused(path, `${version} is no API version`);
  if (namespace !== undefined && !label.test(namespace)) throw refused(path, `${namespace} is no namespace`);
  const name = file.endsWith(".json") ? file.slice(0, -".json".length) : "";
  if (name === "" || name === "." || name === "..") throw refused(path, "isn't named as an object's file");
  return {
    entry: "object",
    folder,
    resource,
    group: labels.join("."),
    ...(version !== undefined && { version }),
    ...(namespace !== undefined && { namespace }),
    name,
  };
}

/** Folders hold nothing, so that all that matters is where they lie. Throws `UserError` bundle-invalid. */
export function requireFolderPath(path: string): void {
  const [top = "", ...rest] = segmentsOf(path);
  if (!(top === "resources" && rest.length <= 4) && path !== "metadata")
    throw refused(path, "is a folder where Velero has none");
}

function segmentsOf(path: string): string[] {
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) throw refused(path, "is an absolute path");
  const segments = path.split("/");
  if (segments.includes("..")) throw refused(path, "leads out of the backup by ..");
  if (segments.some((segment) => segment === "" || segment === ".")) throw refused(path, "is no plain path");
  return segments;
}

function parseScope(segments: string[]): { version?: string; namespace?: string; file: string } | undefined {
  const [first = "", second = "", third = "", fourth = ""] = segments;
  if (segments.length === 2 && first === "cluster") return { file: second };
  // Before the versioned form: a namespace may be called cluster, and no version is called namespaces.
  if (segments.length === 3 && first === "namespaces") return { namespace: second, file: third };
  const version = first.endsWith(preferredSuffix) ? first.slice(0, -preferredSuffix.length) : first;
  if (segments.length === 3 && second === "cluster") return { version, file: third };
  if (segments.length === 4 && second === "namespaces") return { version, namespace: third, file: fourth };
  return undefined;
}
