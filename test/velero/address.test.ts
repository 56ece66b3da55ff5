import { describe, expect, it } from "vitest";
import { parseVeleroAddress } from "../../src/velero/address.js";

describe("parseVeleroAddress", () => {
  it.each([
    ["velero:s3://acme-backups#nightly", { kind: "bucket", bucket: "acme-backups", prefix: "", backup: "nightly" }],
    ["velero:s3://acme.backups/#latest", { kind: "bucket", bucket: "acme.backups", prefix: "", backup: "latest" }],
    ["velero:s3://acme/a/b/#n-1.2", { kind: "bucket", bucket: "acme", prefix: "a/b", backup: "n-1.2" }],
    ["velero:s3://acme/a", { kind: "bucket", bucket: "acme", prefix: "a" }],
    ["velero:old/nightly.tar.gz", { kind: "file", path: "old/nightly.tar.gz" }],
    ["velero:/a#b.tar.gz", { kind: "file", path: "/a#b.tar.gz" }],
    ["nightly.tar.gz", undefined],
    ["s3://acme/a", undefined],
  ])("%s", (text, address) => {
    expect(parseVeleroAddress(text)).toEqual(address);
  });

  it.each([
    ["velero:", /names nothing/],
    ["velero:gs://acme#a", /of no store that is known/],
    ["velero:s3://#a", /names no bucket/],
    ["velero:s3://Acme#a", /names no bucket: "Acme"/],
    ["velero:s3://acme#", /names no backup/],
    ["velero:s3://acme#../x", /names no backup: "\.\.\/x"/],
    ["velero:s3://acme#a/b", /names no backup/],
  ])("refuses %s", (text, says) => {
    let thrown: unknown;
    try {
      parseVeleroAddress(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: "usage",
      message: expect.stringMatching(says),
      fix: expect.stringContaining("velero:s3://BUCKET[/PREFIX]#BACKUP"),
    });
  });
});
