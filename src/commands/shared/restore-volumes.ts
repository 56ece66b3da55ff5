import { stringify } from "yaml";
import type { KubeWriter } from "../../kube/api.js";
import { UserError } from "../../model/errors.js";
import type { Journal } from "../../model/journal.js";
import type { Plan } from "../../model/plan.js";
import { restoredByVelero } from "../../model/restored.js";
import type { GreenRecord } from "../../model/run.js";
import { zoneOfNode } from "../../plan/topology.js";
import { parseVeleroAddress } from "../../velero/address.js";
import { claimsOfBackup } from "../../velero/claim-data.js";
import { knownBackup } from "../../velero/known-backup.js";
import { defaultLimits } from "../../velero/limits.js";
import { podsOfBackup } from "../../velero/pod-data.js";
import { readBackup } from "../../velero/read-backup.js";
import { nameOf } from "../../volumes/edges.js";
import type { VeleroEdges, VeleroTerms } from "../../volumes/velero/edges.js";
import { previewRestores } from "../../volumes/velero/preview.js";
import { restoreVolumes } from "../../volumes/velero/restore.js";
import { createdBackup } from "./backup/created.js";
import type { Answer, Context } from "./command.js";
import { listNodes } from "./nodes.js";
import { milliseconds, type Project, requireAws } from "./project.js";
import { clockOf } from "./targets.js";
import { openLocation } from "./velero-source.js";
import { openCloudVolumes } from "./volumes.js";

/** What a restore works with. */
export interface RestoreScene {
  project: Project;
  run: { id: string };
  plan: Plan;
  record: GreenRecord;
  green: KubeWriter;
  journal: Journal;
  context: Context;
  /** --backup */
  named: string | undefined;
}

/** Has green's Velero restore the claims that the plan leaves to it. */
export async function restoreOnGreen(scene: RestoreScene): Promise<Answer> {
  const planned = restoredByVelero(scene.plan);
  return withVelero(scene, async (terms, edges) => {
    const { outcomes, restores } = await restoreVolumes(planned, terms, edges);
    const failed = outcomes.filter((each) => each.failed !== undefined);
    return {
      code: failed.length > 0 ? "effect-failed" : "ok",
      json: { volumes: outcomes, restores },
      text: [
        ...restores.flatMap(({ name, phase, errors, warnings }) => [
          `Restore ${name}: ${phase}, ${errors.length} error(s), ${warnings.length} warning(s).`,
          ...errors.map((text) => `  error: ${text}`),
          ...warnings.map((text) => `  warning: ${text}`),
        ]),
        `${outcomes.length - failed.length} of ${outcomes.length} claim(s) are on green with their volumes.`,
        ...failed.map(({ claim, failed }) => `  NOT ${nameOf(claim)}: ${failed}`),
        failed.length > 0
          ? "Mend that, then: clustershift volumes restore"
          : "Next: clustershift migrate, which lets go of what waited for them",
      ].join("\n"),
    };
  });
}

/** The same as it would be done now; reads green and the backup, and writes nothing. */
export async function restoreDryRun(scene: RestoreScene): Promise<Answer> {
  const planned = restoredByVelero(scene.plan);
  return withVelero(scene, async (terms, edges) => {
    const { open, next, refused } = await previewRestores(planned, terms, edges);
    const made = next.flatMap(({ modifiers, restore }) => [...(modifiers ? [modifiers] : []), restore]);
    return {
      code: "ok",
      json: {
        dryRun: true,
        goesOn: open.map(({ restore }) => restore.metadata.name),
        restores: next.map(({ restore }) => restore),
        modifiers: next.flatMap(({ modifiers }) => modifiers ?? []),
        refused: Object.fromEntries(refused),
      },
      text: [
        ...open.map(({ restore, claims }) => `Would go on with ${restore.metadata.name}: ${claims.join(", ")}`),
        ...[...refused].map(([claim, why]) => `Would refuse ${claim}: ${why}`),
        next.length === 0 ? "Would create no Restore." : `Would create ${next.length} Restore(s) on green:`,
        ...(made.length > 0 ? [made.map((object) => stringify(object)).join("---\n")] : []),
      ].join("\n"),
    };
  });
}

async function withVelero(
  scene: RestoreScene,
  work: (terms: VeleroTerms, edges: VeleroEdges) => Promise<Answer>,
): Promise<Answer> {
  const { project, run, record, green, journal, context } = scene;
  const { velero } = project.config.volumes;
  const aws = requireAws(project, "but Velero's backups and results are read from their bucket");
  const name = backupNamed(scene);
  const location = await knownBackup(green, velero.namespace, name, context.edges.now().getTime());
  const store = await openLocation(location, aws, context);
  const cloud = await openCloudVolumes(project, context);
  const { signal } = context.edges;
  const { filesInStore, restoreRemarks } = await import("../../velero/store.js");
  try {
    const terms: VeleroTerms = {
      ...{ run: run.id, clusterId: record.clusterId, namespace: velero.namespace },
      zones: new Set((await listNodes(green)).map(zoneOfNode).filter((zone) => zone !== "unknown")),
      timeoutMs: milliseconds(velero.timeout),
    };
    return await work(terms, {
      ...{ green, cloud, journal, clock: clockOf(context), signal },
      onProgress: (line) => context.progress.line(`volumes: ${line}`),
      remarks: (restore) => restoreRemarks(store, restore, signal),
      async backup() {
        const files = await filesInStore(store, name, signal);
        const backup = await readBackup(files, {
          signal,
          onProgress: (done) => context.progress.tick("reading the backup", { done, unit: "entries" }),
        });
        try {
          const claims = await claimsOfBackup(backup, files, defaultLimits, signal);
          return { name, claims, pods: await podsOfBackup(backup, files, defaultLimits, signal) };
        } finally {
          await backup.close();
        }
      },
    });
  } finally {
    cloud.close();
    store.bucket.close();
  }
}

/** By the command line, else the configuration, else what the plan was made from, else what this run had blue's Velero make. */
function backupNamed({ named, project, plan, journal }: RestoreScene): string {
  const archive = plan.archive?.path === undefined ? undefined : parseVeleroAddress(plan.archive.path);
  const name =
    named ??
    project.config.volumes.velero.backup ??
    (archive?.kind === "bucket" ? archive.backup : undefined) ??
    createdBackup(journal.entries());
  if (name !== undefined) return name;
  throw new UserError({
    code: "usage",
    what: "Nothing says from which backup of Velero's the volumes are to be restored.",
    fix: "clustershift volumes restore --backup NAME, or name it in clustershift.yaml: volumes.velero.backup",
  });
}
