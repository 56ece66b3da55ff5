/** One statement of an IAM policy. */
export interface Statement {
  Effect: "Allow";
  Action: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** What a policy may be about, beside the cluster itself. */
export interface PolicyScope {
  partition: string;
  clusterName: string;
  /** The foundation's bucket for backups, key and hosted zones. */
  backupBucket: string;
  keyArn: string;
  zoneIds: string[];
}

export function allow(
  Action: string[],
  Resource: Statement["Resource"],
  Condition?: Statement["Condition"],
): Statement {
  return { Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

/** Lets EC2 use a key for volumes and snapshots, on behalf of whom this is said of. */
export function volumeKey(keyArn: string): Statement[] {
  return [
    allow(["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"], keyArn),
    allow(["kms:CreateGrant"], keyArn, { Bool: { "kms:GrantIsForAWSResource": "true" } }),
  ];
}
