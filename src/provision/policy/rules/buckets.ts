import { shown } from "../../paths.js";
import { anyOf, type PolicyRule, ruleOf } from "../rule.js";

const bucket = "aws:s3/bucket:Bucket";
const encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

export const plainBucket: PolicyRule = {
  id: "plain-bucket",
  refuses: "A bucket without encryption by a key of yours.",
  check: ruleOf(bucket, ({ serverSideEncryptionConfiguration }, { urn }, all) => {
    const beside = (wanted: string): number =>
      all.filter(({ type, after, urn: other }) => type === wanted && after && homeOf(other) === homeOf(urn)).length;
    // Which of a component's buckets a configuration is for may not be known before they are made.
    if (serverSideEncryptionConfiguration !== undefined || beside(encryption) >= beside(bucket)) return [];
    return [
      {
        property: "serverSideEncryptionConfiguration",
        why: "neither the bucket nor a configuration beside it encrypts what is put there",
        whatToDo: "Add a BucketServerSideEncryptionConfiguration with aws:kms.",
      },
    ];
  }),
};

/** Of what a resource is a part: the stack, the project and the types above its own. */
function homeOf(urn: string): string {
  const [stack, project, types = ""] = urn.split("::");
  return [stack, project, types.split("$").slice(0, -1).join("$")].join("::");
}

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const publicBucket: PolicyRule = {
  id: "public-bucket",
  refuses: "A bucket that can be read or written by everyone.",
  check: anyOf(
    ruleOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", (inputs) =>
      blocks
        .filter((block) => inputs[block] !== true)
        .map((block) => ({ property: block, why: `it is ${shown(inputs[block])}`, whatToDo: `Set ${block}: true.` })),
    ),
    ruleOf(bucket, ({ acl }) =>
      typeof acl === "string" && acl.startsWith("public-")
        ? [
            {
              property: "acl",
              why: `it is ${acl}`,
              whatToDo: "Leave acl out: nobody but the account has the bucket then.",
            },
          ]
        : [],
    ),
  ),
};
