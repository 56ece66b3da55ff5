import type { Props } from "../../plugin/plugin.js";
import { type Aws, type Kind, listOf, orGone, partOf, samePolicy } from "../kind.js";
import { fromTagList, tagList, tagsOf } from "../tags.js";

const bucket: Kind = {
  replacedBy: ["bucket"],
  named: { property: "bucket", longest: 63 },
  tagged: true,
  async create(aws, inputs) {
    const { region, call } = aws;
    const elsewhere = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
    await call("s3", "CreateBucket", { Bucket: inputs.bucket, ...elsewhere });
    await retag(aws, String(inputs.bucket), inputs);
    return String(inputs.bucket);
  },
  async read({ call, region }, id) {
    // HEAD has no body to tell errors apart by.
    const { Buckets } = await call("s3", "ListBuckets");
    if (!((Buckets ?? []) as Props[]).some(({ Name }) => Name === id)) return undefined;
    const tags = await orGone(call("s3", "GetBucketTagging", { Bucket: id }));
    return { arn: `arn:aws:s3:::${id}`, bucket: id, region, tagsAll: fromTagList(tags?.TagSet) };
  },
  async update(aws, id, _before, after) {
    await retag(aws, id, after);
  },
  async delete({ call }, id) {
    await orGone(call("s3", "DeleteBucket", { Bucket: id }));
  },
};

async function retag({ call }: Aws, Bucket: string, inputs: Props): Promise<void> {
  await call("s3", "PutBucketTagging", { Bucket, Tagging: { TagSet: tagList(tagsOf(inputs)) } });
}

/** A setting of a bucket, which has the bucket's name for its id: to put it there again is to change it. */
function setting(
  put: (aws: Aws, inputs: Props) => Promise<unknown>,
  read: (aws: Aws, Bucket: string, inputs: Props) => Promise<Props | undefined>,
  remove: (aws: Aws, Bucket: string) => Promise<unknown>,
): Kind {
  return {
    replacedBy: ["bucket"],
    async create(aws, inputs) {
      await put(aws, inputs);
      return String(inputs.bucket);
    },
    read: async (aws, id, inputs) => {
      const live = await read(aws, id, inputs);
      return live && { bucket: id, ...live };
    },
    async update(aws, _id, _before, after) {
      await put(aws, after);
    },
    async delete(aws, id) {
      await orGone(remove(aws, id));
    },
  };
}

const publicAccess = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

const publicAccessBlock = setting(
  ({ call }, { bucket: Bucket, ...inputs }) => {
    const pairs = publicAccess.map((name) => [name, inputs[lowered(name)]]);
    return call("s3", "PutPublicAccessBlock", { Bucket, PublicAccessBlockConfiguration: Object.fromEntries(pairs) });
  },
  async ({ call }, Bucket) => {
    const found = await orGone(call("s3", "GetPublicAccessBlock", { Bucket }));
    const live = found && partOf(found, "PublicAccessBlockConfiguration");
    return live && Object.fromEntries(publicAccess.map((name) => [lowered(name), live[name]]));
  },
  ({ call }, Bucket) => call("s3", "DeletePublicAccessBlock", { Bucket }),
);

function lowered(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

const versioning = setting(
  ({ call }, { bucket: Bucket, versioningConfiguration }) => {
    const { status } = versioningConfiguration as { status: string };
    return call("s3", "PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: status } });
  },
  async ({ call }, Bucket) => {
    const live = await orGone(call("s3", "GetBucketVersioning", { Bucket }));
    return live?.Status === undefined ? undefined : { versioningConfiguration: { status: live.Status } };
  },
  // It can't be taken back, only be suspended.
  ({ call }, Bucket) => call("s3", "PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Suspended" } }),
);

const encryption = setting(
  ({ call }, { bucket: Bucket, rules }) => {
    const Rules = (rules as Props[]).map(({ applyServerSideEncryptionByDefault, bucketKeyEnabled }) => {
      const { sseAlgorithm, kmsMasterKeyId } = applyServerSideEncryptionByDefault as Props;
      return {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: sseAlgorithm, KMSMasterKeyID: kmsMasterKeyId },
        BucketKeyEnabled: bucketKeyEnabled,
      };
    });
    return call("s3", "PutBucketEncryption", { Bucket, ServerSideEncryptionConfiguration: { Rules } });
  },
  async ({ call }, Bucket) => {
    const found = await orGone(call("s3", "GetBucketEncryption", { Bucket }));
    if (!found) return undefined;
    const rules = listOf(found, "ServerSideEncryptionConfiguration", "Rules").map((rule) => {
      const { SSEAlgorithm, KMSMasterKeyID } = partOf(rule, "ApplyServerSideEncryptionByDefault");
      return {
        applyServerSideEncryptionByDefault: { sseAlgorithm: SSEAlgorithm, kmsMasterKeyId: KMSMasterKeyID },
        bucketKeyEnabled: rule.BucketKeyEnabled,
      };
    });
    return { rules };
  },
  ({ call }, Bucket) => call("s3", "DeleteBucketEncryption", { Bucket }),
);

const lifecycle = setting(
  ({ call }, { bucket: Bucket, rules }) => {
    const Rules = (rules as Props[]).map((rule) => ({
      ID: rule.id,
      Status: rule.status,
      Filter: { Prefix: partOf(rule, "filter").prefix },
      NoncurrentVersionExpiration: { NoncurrentDays: partOf(rule, "noncurrentVersionExpiration").noncurrentDays },
      AbortIncompleteMultipartUpload: {
        DaysAfterInitiation: partOf(rule, "abortIncompleteMultipartUpload").daysAfterInitiation,
      },
    }));
    return call("s3", "PutBucketLifecycleConfiguration", { Bucket, LifecycleConfiguration: { Rules } });
  },
  async ({ call }, Bucket) => {
    const found = await orGone(call("s3", "GetBucketLifecycleConfiguration", { Bucket }));
    if (!found) return undefined;
    const rules = listOf(found, "Rules").map((rule) => ({
      id: rule.ID,
      status: rule.Status,
      filter: { prefix: partOf(rule, "Filter").Prefix ?? "" },
      noncurrentVersionExpiration: { noncurrentDays: partOf(rule, "NoncurrentVersionExpiration").NoncurrentDays },
      abortIncompleteMultipartUpload: {
        daysAfterInitiation: partOf(rule, "AbortIncompleteMultipartUpload").DaysAfterInitiation,
      },
    }));
    return { rules };
  },
  ({ call }, Bucket) => call("s3", "DeleteBucketLifecycle", { Bucket }),
);

const policy = setting(
  ({ call }, { bucket: Bucket, policy: Policy }) => call("s3", "PutBucketPolicy", { Bucket, Policy }),
  async ({ call }, Bucket, inputs) => {
    const found = await orGone(call("s3", "GetBucketPolicy", { Bucket }));
    return found && { policy: samePolicy(inputs.policy, String(found.Policy)) };
  },
  ({ call }, Bucket) => call("s3", "DeleteBucketPolicy", { Bucket }),
);

export const s3: Record<string, Kind> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
  "aws:s3/bucketVersioning:BucketVersioning": versioning,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycle,
  "aws:s3/bucketPolicy:BucketPolicy": policy,
};
