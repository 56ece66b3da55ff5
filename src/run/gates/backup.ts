import type { BackupVerification } from "../../model/backup.js";
import { formatDuration } from "../../model/duration.js";
import type { Evidence } from "../evidence.js";
import { blueIsGone } from "../evidence.js";
import { type Gate, type Refusal, refuse } from "./gate.js";

const fix = "clustershift backup verify";

/** A backup counts only once it has been restored. */
export const backupGates = {
  backupVerified: {
    id: "backup-unverified",
    check: (evidence, { backup: { require, maxAge } }) => {
      if (!require.includes("cutover")) return undefined;
      const found = verifiedBackup(evidence);
      if ("refusal" in found) return found.refusal;
      const age = evidence.now - Date.parse(found.backup.takenAt ?? "");
      if (age >= 0 && age <= maxAge) return undefined;
      const why = Number.isNaN(age)
        ? "says nowhere when it was taken"
        : age < 0
          ? `is ${formatDuration(-age)} in the future`
          : `is ${formatDuration(age)} old; it may be ${formatDuration(maxAge)} old (backup.maxAge)`;
      const again = `clustershift export && clustershift rehearse && clustershift migrate && clustershift smoke && ${fix}`;
      return refuse(`The latest verified backup of blue ${why}.`, again);
    },
  },
  backupOfBlue: {
    id: "backup-unverified",
    check: (evidence, { backup: { require } }) => {
      if (!require.includes("teardown") || blueIsGone(evidence.journal)) return undefined;
      const found = verifiedBackup(evidence);
      return "refusal" in found ? found.refusal : undefined;
    },
  },
} as const satisfies Record<string, Gate>;

/** The latest backup that was restored and found whole, among those that would bring this run's blue back; else why there is none. */
function verifiedBackup(evidence: Evidence): BackupVerification | { refusal: Refusal } {
  const { plan, backup: file } = evidence;
  const all = [...(file?.verifications ?? [])].sort((a, b) => takenAt(b) - takenAt(a));
  const ours = all.filter(
    ({ source }) => !plan || plan.blue.clusterId === "unknown" || source?.clusterId === plan.blue.clusterId,
  );
  const fitting = ours.filter((each) => isOfThisRun(each, evidence));
  const whole = fitting.filter(({ outcome, restoredInto }) => outcome === "passed" && restoredInto !== null);
  const passed = whole.find(
    ({ backup: { keptUntil } }) => keptUntil === undefined || Date.parse(keptUntil) > evidence.now,
  );
  if (passed) return passed;
  const [gone] = whole;
  if (gone)
    return {
      refusal: refuse(
        `The backup ${gone.backup.path} was kept until ${gone.backup.keptUntil}: Velero has deleted it by now.`,
        fix,
      ),
    };
  const [latest] = fitting;
  if (latest) {
    const [first] = latest.defects;
    const why = first
      ? `${latest.defects.length} defect(s), the first ${first.id}: ${first.what.replace(/\.?$/, ".")}`
      : "it was not restored.";
    return { refusal: refuse(`The backup ${latest.backup.path} isn't fit: ${why}`, fix) };
  }
  const others = all.length > 0 ? " Those that were are of another cluster, or older than the plan." : "";
  return {
    refusal: refuse(`No backup of this run's blue has been restored to see whether it is whole.${others}`, fix),
  };
}

/** This run's bundle, what the plan itself was made from, or a backup that is newer than the plan. */
function isOfThisRun(verification: BackupVerification, { bundle, plan }: Evidence): boolean {
  const { identity, path } = verification.backup;
  if (bundle && identity === bundle.hash) return true;
  if (plan?.archive && path === plan.archive.path) return true;
  return plan !== undefined && takenAt(verification) >= Date.parse(plan.createdAt);
}

function takenAt({ backup }: BackupVerification): number {
  return Date.parse(backup.takenAt ?? "") || 0;
}
