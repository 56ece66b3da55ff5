import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import * as pulumi from "@pulumi/pulumi";

export interface BackupBucketArgs {
  bucketName?: string | undefined;
  keepOldVersionsDays: number;
  keyArn: pulumi.Input<string>;
}

/** Where Velero's backups go: versioned, encrypted, for nobody outside the account and never in the clear. */
export class BackupBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: BackupBucketArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:foundation:BackupBucket", name, {}, options);
    const inside = { parent: this };
    const bucket = new Bucket(
      name,
      { ...(args.bucketName === undefined ? {} : { bucket: args.bucketName }), tags: { Name: name } },
      inside,
    );
    const block = new BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      inside,
    );
    const versioning = new BucketVersioning(
      name,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      inside,
    );
    const encryption = { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn };
    new BucketServerSideEncryptionConfiguration(
      name,
      { bucket: bucket.bucket, rules: [{ applyServerSideEncryptionByDefault: encryption, bucketKeyEnabled: true }] },
      inside,
    );
    new BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: args.keepOldVersionsDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      // Rules about old versions are refused until there can be any.
      { ...inside, dependsOn: [versioning] },
    );
    new BucketPolicy(
      name,
      { bucket: bucket.bucket, policy: bucket.arn.apply((arn) => JSON.stringify(onlyEncrypted(arn))) },
      { ...inside, dependsOn: [block] },
    );
    this.bucketName = bucket.bucket;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}

function onlyEncrypted(arn: string): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyEncryptedConnections",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
