/**
 * Every way a command can end, by name. The numbers are a promise to scripts: never renumber one, never reuse one.
 * docs/exit-codes.md is generated from this table.
 */
export const exitCodes = {
  ok: { code: 0, meaning: "Done, or nothing left to do." },
  internal: { code: 1, meaning: "A defect in clustershift: run again with --debug and report it." },
  usage: { code: 2, meaning: "The command line is wrong." },
  "config-invalid": { code: 3, meaning: "clustershift.yaml is missing or wrong; every error is listed with its line." },
  "cluster-unreachable": { code: 4, meaning: "A cluster can't be reached, or refuses the credentials." },
  "aws-failed": { code: 5, meaning: "An AWS call failed and retrying didn't help." },
  "bundle-invalid": {
    code: 6,
    meaning:
      "The bundle, or the archive that should become one, is missing, truncated, tampered with, contradicts itself or can't be decrypted.",
  },
  "journal-damaged": { code: 7, meaning: "The run's journal is damaged in its middle; nothing is assumed from it." },
  "state-invalid": { code: 8, meaning: "A file of the run folder is missing or isn't what it should be." },
  "tool-missing": { code: 9, meaning: "A program that this command needs isn't installed and can't be fetched." },

  "no-plan": { code: 10, meaning: "Gate: there is no plan in this run." },
  "plan-not-approved": { code: 11, meaning: "Gate: nobody has approved the plan." },
  "plan-changed": { code: 12, meaning: "Gate: the plan or the configuration changed since it was approved." },
  "smoke-missing": { code: 13, meaning: "Gate: no smoke test was run on this plan's green." },
  "smoke-failed": { code: 14, meaning: "Gate: the latest smoke test failed." },
  "smoke-stale": { code: 15, meaning: "Gate: the latest smoke test is older than smoke.maxAge." },
  "smoke-other-green": { code: 16, meaning: "Gate: the latest smoke test was of another green cluster." },
  "outside-window": { code: 17, meaning: "Gate: now is outside the maintenance window." },
  locked: { code: 18, meaning: "Gate: another clustershift holds this run's lock." },
  "bundle-missing": { code: 19, meaning: "Gate: no verified bundle of blue exists." },
  "rehearsal-missing": { code: 20, meaning: "Gate: the bundle was not rehearsed, or the rehearsal was refused." },
  "green-missing": { code: 21, meaning: "Gate: there is no green cluster yet, or it isn't ready." },
  "replay-missing": { code: 22, meaning: "Gate: blue's objects have not been replayed into green." },
  "soak-not-over": { code: 23, meaning: "Gate: the soak time since the cutover has not passed." },
  "green-not-serving": { code: 24, meaning: "Gate: green doesn't serve all traffic." },
  "not-confirmed": { code: 25, meaning: "Gate: the confirmation is missing or names something else." },
  "plan-blocked": { code: 26, meaning: "Gate: the plan has blockers." },
  "run-finished": {
    code: 27,
    meaning: "Gate: this run has ended, its blue is gone; or its removal has begun, and blue may be gone in part.",
  },
  "ttl-not-lowered": {
    code: 29,
    meaning: "Gate: the records' TTLs were not lowered to traffic.ttl, or the old ones are not over yet.",
  },
  "traffic-moved": { code: 28, meaning: "Gate: green already gets traffic, so this would not be safe." },

  "window-too-short": {
    code: 50,
    meaning: "Gate: what is left of the maintenance window is less than the way back takes.",
  },

  "blue-unhealthy": {
    code: 51,
    meaning: "Gate: blue isn't healthy, or was not each time that it was looked at; the way back leads there.",
  },
  "green-unhealthy": {
    code: 52,
    meaning: "Gate: green isn't healthy, or was not each time that it was looked at.",
  },
  "rehearsal-stale": { code: 53, meaning: "Gate: the rehearsal is older than rehearsal.maxAge." },
  "zone-share": {
    code: 55,
    meaning: "More names of a hosted zone would move than traffic.zoneShare allows; nothing was changed.",
  },
  "bundle-stale": { code: 54, meaning: "Gate: the bundle, the backup of blue, is older than bundle.maxAge." },

  "backup-unverified": {
    code: 78,
    meaning: "Gate: no backup of this run's blue has been restored and found whole, as backup.require asks.",
  },

  "volumes-not-restored": {
    code: 82,
    meaning: "Gate: Velero has not restored all volumes on green that the plan leaves to it.",
  },

  "external-dns-active": {
    code: 66,
    meaning:
      "Gate: an external-dns runs that would write over the names that move, or it can't be told whether one does.",
  },

  "blue-may-act": {
    code: 79,
    meaning:
      "Gate: blue can't be asked to stop what two clusters must not run at once, and its nodes may go on with it.",
  },

  "blue-still-serves": {
    code: 62,
    meaning: "Gate: somebody still talks to blue, or nobody measured it lately, or it wasn't quiet for long enough.",
  },

  "findings-blocker": {
    code: 30,
    meaning: "plan: done, but with blockers, or with warnings where --fail-on warning asks for it.",
  },
  "rehearsal-refused": { code: 31, meaning: "rehearse: green's version refuses objects." },
  "replay-failed": { code: 32, meaning: "migrate: done, but objects failed or parity found undeclared differences." },
  "checks-failed": { code: 33, meaning: "smoke, prepare, analyse, validate: done, but checks failed." },
  "moved-back": { code: 34, meaning: "cutover: a check failed, and all traffic was moved back to blue." },
  drifted: { code: 35, meaning: "Someone else changed a traffic target meanwhile; nothing more was written." },
  "not-ready": { code: 36, meaning: "up: green did not become ready in time." },
  "effect-failed": {
    code: 37,
    meaning: "A step failed; what was done is in the journal, and the same command goes on.",
  },
  differs: { code: 38, meaning: "diff: done, and green isn't what blue is: differences that no rule declares." },
  "not-warm": { code: 39, meaning: "cutover: green isn't as big as blue is; no traffic was moved." },
  "record-diverged": {
    code: 44,
    meaning: "Two records of this run went different ways; nothing is assumed from either.",
  },
  "checks-inconclusive": {
    code: 49,
    meaning: "analyse, validate: no check failed, but some could not be made or had no data.",
  },
  "leftover-traffic": {
    code: 63,
    meaning: "leftover: done, but somebody still talks to blue, or it could not be measured.",
  },
  "hand-over-refused": {
    code: 68,
    meaning:
      "cutover: exclusive workloads can't be stopped on blue, by its permissions or as the plan doesn't list them; nothing was moved.",
  },
  "stack-unsettled": {
    code: 70,
    meaning: "up, teardown: a killed engine was making resources, and it can't be seen whether they are there.",
  },
  "blue-not-gone": {
    code: 72,
    meaning:
      "teardown --sweep, init --next: blue wasn't removed yet, so nothing of it is an orphan, and no other migration begins.",
  },
  "orphans-left": {
    code: 73,
    meaning:
      "teardown --sweep: something that it was asked to remove is still there: it's needed, it isn't blue's, or AWS refused.",
  },
  "drain-stuck": {
    code: 74,
    meaning: "teardown: blue's controllers didn't delete their load balancers in time; blue was not removed.",
  },
  "green-needs-it": {
    code: 75,
    meaning: "teardown: blue's stack has what green uses; blue was not removed.",
  },
  "policy-refused": {
    code: 76,
    meaning: "up: green would have what a rule of the policy refuses; nothing was made.",
  },
  "backup-unfit": {
    code: 77,
    meaning: "backup verify: done, and the backup has defects: it isn't what would bring blue back.",
  },
  "velero-unready": {
    code: 80,
    meaning:
      "backup create, volumes restore: Velero isn't there, doesn't run, can't reach its store or doesn't know the backup; nothing was begun.",
  },
  "backup-failed": {
    code: 81,
    meaning: "backup create: Velero ended the backup, and not all that it should hold is in it.",
  },
  interrupted: { code: 130, meaning: "Stopped by Ctrl-C between two steps; the same command goes on." },
} as const satisfies Record<string, { code: number; meaning: string }>;

export type ExitCodeName = keyof typeof exitCodes;
