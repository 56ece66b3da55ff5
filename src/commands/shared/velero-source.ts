import { resolve } from "node:path";
import type { KubeReader } from "../../kube/api.js";
import { UserError } from "../../model/errors.js";
import { type KubeObject, kindKey } from "../../model/objects.js";
import type { Plan } from "../../model/plan.js";
import { type Backup, readBackup } from "../../velero/read-backup.js";
import { type BackupRecord, readBackupRecord } from "../../velero/side-file.js";
import type { Context } from "./command.js";

/** What an export reads from: the live blue, or a backup of it. */
export type ExportSource = Pick<KubeReader, "info" | "discover" | "pages" | "close">;

export interface VeleroSource extends ExportSource {
  /** For the journal and the answer: where the bundle's objects come from. */
  about: {
    file: string;
    /** Absent where velero-backup.json isn't there to say it. */
    phase?: string;
    startedAt?: string;
    /** Kinds of which the backup has fewer objects than the plan counted in blue. */
    fewer: { kind: string; planned: number; found: number }[];
  };
}

const pageSize = 500;

/**
 * A Velero backup in blue's place: read whole and found sound, finished, and of the plan's blue. What it lacks beside the plan
 * is warned of. Throws `UserError` bundle-invalid where it's none of that.
 */
export async function openVelero(path: string, plan: Plan | undefined, context: Context): Promise<VeleroSource> {
  if (!plan) throw new UserError({ code: "no-plan", what: "There is no plan in this run.", fix: "clustershift plan" });
  const { edges, progress } = context;
  const file = resolve(edges.cwd, path);
  const record = await readBackupRecord(file);
  requireFinished(file, record);
  const backup = await readBackup(file, {
    signal: edges.signal,
    onProgress: (done) => progress.tick("reading the backup", { done, unit: "entries" }),
  });
  try {
    const clusterId = (await clusterIdOf(backup)) ?? plan.blue.clusterId;
    if (clusterId !== plan.blue.clusterId) {
      throw unusable(file, `is of cluster ${clusterId}; the plan's blue is ${plan.blue.clusterId}`);
    }
    const fewer = fewerThan(plan, backup);
    for (const warning of warnings(record, fewer)) progress.warn(warning);
    const { phase, startedAt, serverVersion = plan.blue.version } = record ?? {};
    return {
      about: { file, ...(phase !== undefined && { phase }), ...(startedAt !== undefined && { startedAt }), fewer },
      info: async () => ({ version: serverVersion, clusterId }),
      discover: async () => ({ resources: backup.resources, broken: [] }),
      pages: (resource) => pagesOf(backup.objects(resource)),
      close: () => backup.close(),
    };
  } catch (error) {
    await backup.close();
    throw error;
  }
}

/** PartiallyFailed has ended, and is warned of: it may be all that there is. */
function requireFinished(file: string, record: BackupRecord | undefined): void {
  if (record && !["Completed", "PartiallyFailed"].includes(record.phase)) {
    throw unusable(file, `its velero-backup.json says ${record.phase || "no phase"}: it isn't whole`);
  }
}

function unusable(file: string, what: string): UserError {
  return new UserError({ code: "bundle-invalid", what: `${file}: ${what}.`, fix: "Take another backup of blue." });
}

/** The UID of kube-system, which names a cluster; a backup of some namespaces may not have it. */
async function clusterIdOf(backup: Backup): Promise<string | undefined> {
  const namespaces = backup.resources.find(({ group, kind }) => group === "" && kind === "Namespace");
  if (!namespaces) return undefined;
  for await (const { metadata } of backup.objects(namespaces)) if (metadata.name === "kube-system") return metadata.uid;
  return undefined;
}

function fewerThan(plan: Plan, backup: Backup): VeleroSource["about"]["fewer"] {
  const found = new Map(backup.resources.map((resource) => [kindKey(resource), backup.count(resource)]));
  return plan.kinds
    .map(({ kind, count }) => ({ kind, planned: count, found: found.get(kind) ?? 0 }))
    .filter(({ planned, found }) => found < planned);
}

function warnings(record: BackupRecord | undefined, fewer: VeleroSource["about"]["fewer"]): string[] {
  const said: string[] = [];
  if (!record)
    said.push(
      "velero-backup.json isn't beside the backup: nothing says whether Velero finished it; its version is taken from the plan",
    );
  if (record?.phase === "PartiallyFailed") said.push(`Velero says PartiallyFailed, with ${record.errors} error(s)`);
  if (fewer.length > 0) {
    const list = fewer.map(({ kind, planned, found }) => `${kind} ${found} of ${planned}`).join(", ");
    said.push(
      `the backup has fewer objects than the plan counted in blue, and what it lacks can't arrive in green: ${list}`,
    );
  }
  return said;
}

async function* pagesOf(
  objects: AsyncIterable<KubeObject>,
): AsyncGenerator<{ items: KubeObject[]; resourceVersion: string }> {
  let items: KubeObject[] = [];
  for await (const object of objects) {
    items.push(object);
    if (items.length < pageSize) continue;
    yield { items, resourceVersion: "" };
    items = [];
  }
  yield { items, resourceVersion: "" };
}
