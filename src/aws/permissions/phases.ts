/** Parts of a migration that may have credentials of their own. */
export const phases = {
  plan: "init and plan: what is there. Read only",
  foundation: "pulumi up of a foundation stack: what outlives clusters",
  up: "up, or pulumi up of a cluster stack",
  record: "every command, where record.bucket keeps copies of the run's record",
  archive: "plan, export and explain with --from velero:s3://…: a backup in Velero's object store. Read only",
  restore:
    "backup create and volumes restore: what Velero says of its backups and restores, and the volumes it made. Read only",
  cutover: "prepare, cutover, rollback, and what looks at them: status, watch",
  measure: "analyse, leftover, and the checks between the steps of a cutover: CloudWatch",
  teardown: "teardown: the records' and rules' last form, blue's own stack, and what blue's controllers left behind",
} as const;

export type Phase = keyof typeof phases;

export const phaseNames = Object.keys(phases) as Phase[];
