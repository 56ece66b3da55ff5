import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it } from "vitest";
import type { Context } from "../../../../src/commands/shared/command.js";
import { kopsTexts } from "../../../../src/commands/shared/init/kops-source.js";
import { openTestAws } from "../../../aws/moto.js";

const opened = await openTestAws();
const why = "missing" in opened ? ` (skipped: ${opened.missing})` : "";

describe.skipIf("missing" in opened)(`a kops state store in S3${why}`, () => {
  if ("missing" in opened) return;
  const region = "eu-central-1";
  const store = new S3Client({ region, endpoint: opened.front.endpoint, forcePathStyle: true });
  const context = {
    edges: { cwd: "/", random: Math.random, signal: new AbortController().signal, now: () => new Date(0) },
  } as unknown as Context;
  const aws = { region, endpoint: opened.front.endpoint };
  afterAll(async () => {
    store.destroy();
    await opened.close();
  });

  it("is read cluster by cluster", async () => {
    const Bucket = "acme-kops-state";
    await store.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    for (const key of [
      "blue/config",
      "blue/instancegroup/nodes",
      "blue/instancegroup/syslog",
      "blue/pki/ca",
      "other/config",
    ])
      await store.send(new PutObjectCommand({ Bucket, Key: key, Body: `text of ${key}` }));
    const names = ["config", "instancegroup/nodes", "instancegroup/syslog"];
    expect(await kopsTexts(`s3://${Bucket}/blue/`, aws, context)).toEqual(
      names.map((name) => ({ name: `s3://${Bucket}/blue/${name}`, text: `text of blue/${name}` })),
    );
    await expect(kopsTexts(`s3://${Bucket}/none`, aws, context)).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining("it has no config and no instancegroup/"),
    });
  });
});
