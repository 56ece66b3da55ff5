import { isObject } from "../model/json.js";
import type { ObjectRef } from "../model/objects.js";
import { oneLine } from "../model/plain-text.js";
import type { BackupFiles } from "./files.js";
import type { Limits } from "./limits.js";
import { refused } from "./refused.js";
import { readSideFile } from "./side-file.js";

/** What Velero itself had to say of its work, mostly of one object. */
export interface BackupRemark {
  severity: "error" | "warning";
  namespace?: string;
  /** As in the archive: `deployments.apps`. */
  resource?: string;
  name?: string;
  /** Velero's own words, on one line. */
  text: string;
}

/** What Velero took up, and what isn't in the archive. */
export type Lacking = ObjectRef & { apiVersion: string };

const longestText = 500;

/** `<name>-results.gz`: errors and warnings, by namespace. Empty where there is none. Throws `UserError` bundle-invalid. */
export async function readResults(files: BackupFiles, limits: Limits, signal?: AbortSignal): Promise<BackupRemark[]> {
  const file = `${files.name}-results.gz`;
  const value = await readSideFile(files, file, limits, signal);
  if (value === undefined) return [];
  const where = files.shown(file);
  if (!isObject(value)) throw refused(where, "is JSON, but no object");
  return [...remarksIn(value.errors, "error", where), ...remarksIn(value.warnings, "warning", where)];
}

function remarksIn(part: unknown, severity: BackupRemark["severity"], where: string): BackupRemark[] {
  if (part === undefined || part === null) return [];
  if (!isObject(part)) throw refused(where, `has ${severity}s in another form than Velero writes`);
  const { velero, cluster, namespaces = {} } = part;
  if (!isObject(namespaces)) throw refused(where, `has ${severity}s in another form than Velero writes`);
  const texts = (value: unknown): string[] => {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    throw refused(where, `has ${severity}s in another form than Velero writes`);
  };
  return [
    ...[...texts(velero), ...texts(cluster)].map((text) => remarkOf(severity, text)),
    ...Object.entries(namespaces).flatMap(([namespace, each]) =>
      texts(each).map((text) => ({ ...remarkOf(severity, text), namespace })),
    ),
  ];
}

/** Velero writes ` resource: /pods name: /web message: /Error backing up item error: /…`, each part where it has one. */
function remarkOf(severity: BackupRemark["severity"], text: string): BackupRemark {
  const [, resource, name, message, error] =
    /^ ?(?:resource: \/(\S*) ?)?(?:name: \/(\S*) ?)?(?:message: \/(.*?))?(?: error: \/(.*))?$/s.exec(text) ?? [];
  const said = [message, error].filter((part) => part !== undefined && part !== "").join(": ");
  return {
    severity,
    ...(resource && { resource }),
    ...(name && { name }),
    text: oneLine(said === "" ? text : said).slice(0, longestText),
  };
}
