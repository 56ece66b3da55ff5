/** The emulator's names of services, and of actions that IAM calls otherwise. */
const services: Record<string, string> = { monitoring: "cloudwatch" };
const actions: Record<string, string> = {
  "s3:ListBuckets": "s3:ListAllMyBuckets",
  "s3:ListObjectsV2": "s3:ListBucket",
};

/** Actions as IAM names them, of what was counted between two looks at the front. Who one is may be asked by everybody. */
export function calledBetween(before: Record<string, number>, after: Record<string, number>): string[] {
  return Object.entries(after)
    .filter(([key, count]) => count > (before[key] ?? 0))
    .map(([key]) => {
      const [service = "", action = ""] = key.split("/");
      const named = `${services[service] ?? service}:${action}`;
      return actions[named] ?? named;
    })
    .filter((action) => action !== "sts:GetCallerIdentity")
    .sort();
}
