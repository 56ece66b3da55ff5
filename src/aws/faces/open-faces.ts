import { EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../../model/clock.js";
import type { Faces } from "../../model/faces.js";
import { createCall } from "../call.js";
import { type AwsSettings, clientSettings } from "../settings.js";
import { createEc2Lists } from "./ec2-lists.js";
import { createEks } from "./eks.js";
import { bucketPolicies, keyPolicies } from "./policies.js";
import type { FacesQuestion } from "./question.js";
import { readFaces } from "./read-faces.js";
import { createTrust, type RolePolicies } from "./trust.js";

export type { FacesQuestion } from "./question.js";
export type { RolePolicies } from "./trust.js";

/** Reads what lets blue in, and what knows its face. */
export interface FacesApi {
  read(question: FacesQuestion, account: string): Promise<Faces>;
  /** @throws UserError `aws-failed` */
  rolePolicies(roleName: string): Promise<RolePolicies>;
  close(): void;
}

/** EC2 and IAM are shared with everything else of the account; policies are small, and may be thousands. */
const perSecond = { lists: 10, policies: 50 };

export function openFaces(
  aws: AwsSettings,
  { clock, random = Math.random }: { clock: Clock; random?: () => number },
): FacesApi {
  const settings = clientSettings(aws);
  const ec2 = new EC2Client(settings);
  const eks = new EKSClient(settings);
  const iam = new IAMClient(settings);
  const kms = new KMSClient(settings);
  const s3 = new S3Client({ ...settings, followRegionRedirects: true, ...(aws.endpoint && { forcePathStyle: true }) });
  const rated = (rate: number) => createCall({ perSecond: rate, clock, now: () => performance.now(), random }).call;
  const [lists, policies] = [rated(perSecond.lists), rated(perSecond.policies)];
  const sources = {
    ec2: createEc2Lists(ec2, lists),
    eks: createEks(eks, lists),
    iam: createTrust(iam, lists),
    bucketPolicies: () => bucketPolicies(s3, policies),
    keyPolicies: () => keyPolicies(kms, policies),
  };
  return {
    rolePolicies: sources.iam.policiesOf,
    read: (question, account) => readFaces({ account, region: aws.region }, question, sources),
    close() {
      for (const client of [ec2, eks, iam, kms, s3]) client.destroy();
    },
  };
}
