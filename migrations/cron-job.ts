import { versionOnly } from "./shared/version-only.js";

export const cronJob = versionOnly({
  id: "cron-job",
  from: { group: "batch", kind: "CronJob", versions: ["v1beta1"] },
  to: "batch/v1",
  removedIn: "1.25",
  summary: "Only the version changes: fields and defaults of batch/v1 are those of batch/v1beta1.",
});
