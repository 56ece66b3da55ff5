import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it } from "vitest";
import { openCloudWatch } from "../../../src/aws/cloudwatch.js";
import type { Phase } from "../../../src/aws/permissions/phases.js";
import { allowedIn } from "../../../src/aws/permissions/policy.js";
import { anyScope } from "../../../src/aws/permissions/scope.js";
import { openBucket } from "../../../src/aws/s3.js";
import { bucketStore } from "../../../src/record/bucket.js";
import { readBackup } from "../../../src/velero/read-backup.js";
import { filesInStore, latestBackup } from "../../../src/velero/store.js";
import { region } from "../../traffic/world.js";
import { virtualClock } from "../clock.js";
import { openTestAws } from "../moto.js";
import { calledBetween } from "./called.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`policies${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  const { front } = opened;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ region, endpoint: front.internalEndpoint, credentials, forcePathStyle: true });
  const place = { region, endpoint: front.endpoint };
  const { signal } = new AbortController();
  afterAll(async () => {
    s3.destroy();
    await opened.close();
  });
  const allowed = (phase: Phase) => allowedIn(phase, anyScope).map(([, action]) => action);

  it("of record have what copies in a bucket take, and no more", async () => {
    const Bucket = "acme-runs";
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    const before = front.counts();
    const store = bucketStore(openBucket(Bucket, place, { clock: virtualClock() }), "clustershift/blue");
    await store.put("run-1", "plan.json", Buffer.from("{}"), "absent", signal);
    expect(await store.runs(signal)).toEqual(["run-1"]);
    expect((await store.names("run-1", signal)).map(({ name }) => name)).toEqual(["plan.json"]);
    expect((await store.all("run-1", signal)).size).toBe(1);
    expect(await store.get("run-1", "none", signal)).toBeUndefined();
    await store.close();
    expect(calledBetween(before, front.counts())).toEqual(allowed("record").sort());
  });

  it("of archive have what a backup in Velero's store takes, and no more", async () => {
    const Bucket = "acme-backups";
    const folder = fileURLToPath(new URL("../../velero/fixtures/plain/", import.meta.url));
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    for (const file of ["plain.tar.gz", "velero-backup.json"]) {
      const Body = await readFile(`${folder}${file}`);
      await s3.send(new PutObjectCommand({ Bucket, Key: `backups/plain/${file}`, Body }));
    }
    const before = front.counts();
    const bucket = openBucket(Bucket, place, { clock: virtualClock() });
    const store = { bucket, prefix: "" };
    const backup = await readBackup(await filesInStore(store, await latestBackup(store, signal), signal));
    expect(backup.resources.length).toBeGreaterThan(10);
    await backup.close();
    bucket.close();
    expect(calledBetween(before, front.counts())).toEqual(allowed("archive").sort());
  });

  it("of measure have what CloudWatch takes, and no more", async () => {
    const before = front.counts();
    const cloudWatch = openCloudWatch(place, { clock: virtualClock(), random: Math.random });
    const metric = { namespace: "AWS/ApplicationELB", name: "RequestCount", dimensions: {}, statistic: "Sum" };
    await cloudWatch.metricData({ metrics: { m: metric }, period: 60, from: 0, to: 60_000 }, signal);
    cloudWatch.close();
    expect(calledBetween(before, front.counts())).toEqual(allowed("measure"));
  });
});
