import { allow, type PolicyScope, type Statement, volumeKey } from "./statement.js";

/** Backups in the foundation's bucket, and snapshots of volumes. https://github.com/vmware-tanzu/velero-plugin-for-aws */
export function veleroPolicy({ partition, backupBucket, keyArn }: PolicyScope): Statement[] {
  const bucket = `arn:${partition}:s3:::${backupBucket}`;
  const objects = ["GetObject", "PutObject", "DeleteObject", "AbortMultipartUpload", "ListMultipartUploadParts"];
  const snapshots = [
    "DescribeVolumes",
    "DescribeSnapshots",
    "CreateTags",
    "CreateVolume",
    "CreateSnapshot",
    "DeleteSnapshot",
  ];
  return [
    allow(
      objects.map((action) => `s3:${action}`),
      `${bucket}/*`,
    ),
    allow(["s3:ListBucket"], bucket),
    allow(
      snapshots.map((action) => `ec2:${action}`),
      "*",
    ),
    allow(["kms:GenerateDataKey"], keyArn),
    ...volumeKey(keyArn),
  ];
}
