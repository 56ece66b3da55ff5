import { GetKeyPolicyCommand, type KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import { GetBucketPolicyCommand, ListBucketsCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Faces, NamingPolicy } from "../../model/faces.js";
import { rangesOverlap } from "../../model/ranges.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { awsErrorName, createAttempt } from "./attempt.js";
import { matches, statementsOf, valuesOf } from "./policy-document.js";

/** A resource's policy, as it is written. */
export interface Document {
  kind: NamingPolicy["kind"];
  name: string;
  document: string | undefined;
}

type Read = { documents: Document[]; unread: Faces["unread"] };

/** Policies of all buckets of the account. */
export async function bucketPolicies(client: S3Client, call: Call): Promise<Read> {
  const buckets = await allPages(
    (ContinuationToken) =>
      call({ action: "ListBuckets", resource: "the account" }, () =>
        client.send(new ListBucketsCommand({ ContinuationToken, MaxBuckets: 1000 })),
      ),
    (page) => ({ items: page.Buckets, next: page.ContinuationToken }),
  );
  return each(
    "bucket",
    buckets.flatMap(({ Name }) => Name ?? []),
    async (Bucket) => {
      try {
        const { Policy } = await call({ action: "GetBucketPolicy", resource: Bucket }, () =>
          client.send(new GetBucketPolicyCommand({ Bucket })),
        );
        return Policy;
      } catch (error) {
        // One that was deleted meanwhile names nobody either.
        if (["NoSuchBucketPolicy", "NoSuchBucket"].includes(awsErrorName(error) ?? "")) return undefined;
        throw error;
      }
    },
  );
}

/** Policies of all keys of the region. */
export async function keyPolicies(client: KMSClient, call: Call): Promise<Read> {
  const keys = await allPages(
    (Marker) =>
      call({ action: "ListKeys", resource: "the region" }, () =>
        client.send(new ListKeysCommand({ Marker, Limit: 1000 })),
      ),
    ({ Keys, Truncated, NextMarker }) => ({ items: Keys, next: Truncated ? NextMarker : undefined }),
  );
  return each(
    "key",
    keys.flatMap(({ KeyArn }) => KeyArn ?? []),
    async (KeyId) => {
      const { Policy } = await call({ action: "GetKeyPolicy", resource: KeyId }, () =>
        client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" })),
      );
      return Policy;
    },
  );
}

/** What is refused of many is told once, with the first refusal's words. */
async function each(
  kind: Document["kind"],
  names: readonly string[],
  read: (name: string) => Promise<string | undefined>,
): Promise<Read> {
  const refused: Faces["unread"] = [];
  const attempt = createAttempt(refused);
  const documents: Document[] = [];
  for (const name of names) documents.push({ kind, name, document: await attempt(name, () => read(name), undefined) });
  const [first] = refused;
  if (!first) return { documents, unread: [] };
  const shown = refused.slice(0, 5).map(({ what }) => what);
  const more = refused.length > shown.length ? ` and ${refused.length - shown.length} more` : "";
  return { documents, unread: [{ what: `policies of ${kind}s: ${shown.join(", ")}${more}`, why: first.why }] };
}

/** What of blue's a policy may name. */
export interface Names {
  /** Of nodes, and of workloads. */
  roleArns: readonly string[];
  /** Public addresses that it leaves by. */
  addresses: readonly string[];
  /** Its network, and the endpoints in it. */
  networks: readonly string[];
  /** Green's roles, as their names will begin: what covers them too isn't blue's alone. */
  greenRoleArn: string;
}

/** What a policy names of blue; nothing where it names none of it. */
export function namingOf({ kind, name, document }: Document, names: Names): NamingPolicy[] {
  const statements = statementsOf(document);
  const said = statements.flatMap((statement) => [
    ...(statement.principals.AWS ?? []),
    ...valuesOf(statement, "aws:PrincipalArn"),
    ...valuesOf(statement, "aws:SourceArn"),
  ]);
  const roleArns = names.roleArns.filter((role) =>
    said.some((pattern) => pattern !== "*" && matches(pattern, role) && !matches(pattern, names.greenRoleArn)),
  );
  const values = (key: string) => [...new Set(statements.flatMap((statement) => valuesOf(statement, key)))];
  const sources = values("aws:SourceIp");
  const ranges = sources.some((range) => names.addresses.some((address) => rangesOverlap(address, range)))
    ? sources
    : [];
  const networks = [...values("aws:SourceVpc"), ...values("aws:SourceVpce")];
  const naming = networks.some((network) => names.networks.includes(network)) ? networks : [];
  if (roleArns.length + ranges.length + naming.length === 0) return [];
  return [{ kind, name, roleArns, ranges, networks: naming }];
}
