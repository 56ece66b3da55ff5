import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openBucket } from "../../src/aws/s3.js";
import { type Backup, readBackup } from "../../src/velero/read-backup.js";
import { filesInStore, latestBackup, listBackups, nothingNamed } from "../../src/velero/store.js";
import { virtualClock } from "../aws/clock.js";
import { openTestAws } from "../aws/moto.js";
import { region } from "../traffic/world.js";
import { configMap, tarOf, version } from "./archives.js";
import { keyIn, startTampering, type TamperingStore } from "./tampering.js";

const opened = await openTestAws();
const fixtures = join(dirname(fileURLToPath(import.meta.url)), "fixtures");
const Bucket = "acme-backups";
const prefix = "clusters/blue";
const { signal } = new AbortController();

describe.skipIf("missing" in opened)(`a store${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  let store: TamperingStore;
  const s3 = new S3Client({
    region,
    endpoint: opened.front.internalEndpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
  });
  const open = (name = Bucket) => openBucket(name, { region, endpoint: store.endpoint }, { clock: virtualClock() });
  const put = (name: string, file: string, Body: Buffer | string) =>
    s3.send(new PutObjectCommand({ Bucket, Key: `${prefix}/backups/${name}/${file}`, Body }));
  const record = (name: string, phase: string, startTimestamp: string, more: object = {}) =>
    JSON.stringify({ kind: "Backup", metadata: { name }, status: { phase, startTimestamp, ...more } });
  const read = async (name: string): Promise<Backup> =>
    readBackup(await filesInStore({ bucket: open(), prefix }, name, signal));

  beforeAll(async () => {
    store = await startTampering(opened.front.internalEndpoint);
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    for (const file of await readdir(join(fixtures, "plain")))
      if (file !== "api.jsonl") await put("plain", file, await readFile(join(fixtures, "plain", file)));
    const big = [version];
    for (let n = 0; n < 40; n++) {
      const data = { blob: randomBytes(60_000).toString("base64") };
      big.push([`resources/configmaps/namespaces/shop/c${n}.json`, configMap("shop", `c${n}`, { data })]);
    }
    await put("big", "big.tar.gz", gzipSync(await tarOf(big)));
    await put("big", "velero-backup.json", record("big", "Completed", "2026-11-25T01:00:00Z"));
    await put("failed", "velero-backup.json", record("failed", "Failed", "2026-11-26T01:00:00Z", { errors: 2 }));
    await put("odd", "velero-backup.json", "not JSON");
  });
  afterEach(() => {
    store.tamper = undefined;
    store.requests.length = 0;
  });
  afterAll(async () => {
    s3.destroy();
    await store.close();
    await opened.close();
  });

  it("gives a backup that Velero made, read without touching more than its own folder", async () => {
    const backup = await read("plain");
    expect(backup.record).toMatchObject({ phase: "Completed", items: 36, serverVersion: "v1.24.17" });
    expect(backup.resources.reduce((sum, each) => sum + backup.count(each), 0)).toBe(36);
    await backup.close();
    const keys = store.requests.flatMap((request) => keyIn(request) ?? []);
    expect(keys.every((key) => key.startsWith(`${prefix}/backups/plain/`))).toBe(true);
    expect(new Set(store.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("lists what is there, the newest first, and takes as latest only what Velero completed", async () => {
    const place = { bucket: open(), prefix };
    expect((await listBackups(place, signal)).map(({ name }) => name)).toEqual(["failed", "big", "plain", "odd"]);
    expect(await latestBackup(place, signal)).toBe("big");
    const { code, message, fix } = await nothingNamed(place, signal);
    expect(code).toBe("usage");
    expect(message).toMatch(
      /failed: Failed, 2026-11-26T01:00:00Z, items unknown, 2 error\(s\).*plain: Completed, .*36 items/s,
    );
    expect(message).toContain("odd: velero-backup.json isn't there, or can't be read");
    expect(fix).toContain("#latest");
  });

  it("goes on where a connection broke, by range and with the same version", async () => {
    let cuts = 0;
    store.tamper = (request) => {
      if (!keyIn(request)?.endsWith("big.tar.gz") || cuts >= 5) return undefined;
      cuts++;
      return { cutAfter: 300_000 };
    };
    const backup = await read("big");
    expect(backup.resources.map((each) => backup.count(each))).toEqual([40]);
    await backup.close();
    const asked = store.requests.filter((request) => keyIn(request)?.endsWith("big.tar.gz"));
    expect(asked.length).toBeGreaterThan(3);
    expect(asked[1]?.headers).toMatchObject({
      range: expect.stringMatching(/^bytes=\d+-$/),
      "if-match": expect.any(String),
    });
  });

  it.each([
    ["a connection that breaks each time", () => ({ cutAfter: 0 }), /big\.tar\.gz can't be read: the connection broke/],
    [
      "an object that changed",
      () => ({ status: 412, body: Buffer.from("<Error><Code>PreconditionFailed</Code></Error>") }),
      /big\.tar\.gz can't be read: it has changed/,
    ],
    [
      "an object that is gone",
      () => ({ status: 404, body: Buffer.from("<Error><Code>NoSuchKey</Code></Error>") }),
      /big\.tar\.gz can't be read: it is gone/,
    ],
    [
      "less than was listed",
      (body: Buffer) => ({ body: body.subarray(0, 1000), headers: { "content-length": "1000" } }),
      /big\.tar\.gz can't be read: its store lists \d+ bytes and sends 1000/,
    ],
    [
      "more than was listed",
      (body: Buffer) => ({ body: Buffer.concat([body, body]), headers: {} }),
      /big\.tar\.gz can't be read: it has more than/,
    ],
  ] as const)("refuses %s", async (_title, made, says) => {
    store.tamper = (request, { body }) => (keyIn(request)?.endsWith("big.tar.gz") ? made(body) : undefined);
    await expect(read("big")).rejects.toMatchObject({ code: "aws-failed", message: expect.stringMatching(says) });
  });

  it("refuses a store that passes over ranges", async () => {
    let first = true;
    store.tamper = (request, answer) => {
      if (!keyIn(request)?.endsWith("big.tar.gz")) return undefined;
      if (first) {
        first = false;
        return { cutAfter: 300_000 };
      }
      const { "content-range": _, ...headers } = answer.headers;
      return { status: 200, headers };
    };
    await expect(read("big")).rejects.toMatchObject({ message: expect.stringMatching(/bytes from 0 on, asked for/) });
  });

  it.each([
    ["nothing", /There is no backup nothing in s3:\/\/acme-backups\/clusters\/blue\. There are, newest first:/],
    ["failed", /failed\.tar\.gz: isn't there, so that this is no whole backup: its folder has velero-backup\.json/],
  ])("names what is there where backup %s isn't, or isn't whole", async (name, says) => {
    await expect(read(name)).rejects.toThrow(says);
  });

  it("says of a bucket that isn't there, of a prefix without backups and of keys that aren't known what they are", async () => {
    await expect(listBackups({ bucket: open("nobodys"), prefix }, signal)).rejects.toMatchObject({
      code: "aws-failed",
      message: expect.stringMatching(/ListObjectsV2 of s3:\/\/nobodys.*NoSuchBucket/),
      fix: expect.stringContaining("bucket's name"),
    });
    expect((await nothingNamed({ bucket: open(), prefix: "elsewhere" }, signal)).message).toContain(
      "There is none at all",
    );
    store.tamper = () => ({ status: 403, body: Buffer.from("<Error><Code>InvalidAccessKeyId</Code></Error>") });
    await expect(read("plain")).rejects.toMatchObject({
      code: "aws-failed",
      fix: expect.stringContaining("doesn't know this access key"),
    });
  });
});
