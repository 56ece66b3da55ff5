import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../../src/model/partition.js";

export interface EncryptionKeyArgs {
  region: string;
  deletionWindowDays: number;
}

/** One key for what outlives clusters and for their secrets, volumes and logs: backups must open without the cluster. */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(
    name: string,
    { region, deletionWindowDays }: EncryptionKeyArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("clustershift:foundation:EncryptionKey", name, {}, options);
    const { accountId } = getCallerIdentityOutput({}, { parent: this });
    const key = new Key(
      name,
      {
        description: `clustershift foundation ${name}: backups, and the clusters' secrets, volumes and logs`,
        enableKeyRotation: true,
        deletionWindowInDays: deletionWindowDays,
        policy: accountId.apply((account) => JSON.stringify(keyPolicy(region, account))),
        tags: { Name: name },
      },
      { parent: this },
    );
    new Alias(name, { name: `alias/clustershift-${name}`, targetKeyId: key.keyId }, { parent: this });
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** The account's IAM policies decide, and besides only what IAM can't say: services that use the key for us. */
function keyPolicy(region: string, account: string): object {
  const partition = partitionOf(region);
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountPoliciesDecide",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        // Auto Scaling launches nodes by a service-linked role, which no policy of ours reaches. As in AWS's own
        // key for EBS, whoever in this account may use EBS may use the key through it.
        Sid: "EncryptedVolumes",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "kms:Encrypt",
          "kms:Decrypt",
          "kms:ReEncrypt*",
          "kms:GenerateDataKey*",
          "kms:CreateGrant",
          "kms:DescribeKey",
        ],
        Resource: "*",
        Condition: {
          StringEquals: { "kms:CallerAccount": account, "kms:ViaService": `ec2.${region}.amazonaws.com` },
        },
      },
      {
        Sid: "EncryptedLogs",
        Effect: "Allow",
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": ["/aws/eks/*", "/clustershift/*"].map(
              (groups) => `arn:${partition}:logs:${region}:${account}:log-group:${groups}`,
            ),
          },
        },
      },
    ],
  };
}
