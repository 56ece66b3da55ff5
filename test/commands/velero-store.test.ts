import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyBundle } from "../../src/bundle/verify.js";
import type { BackupVerification } from "../../src/model/backup.js";
import type { Plan } from "../../src/model/plan.js";
import { openTestAws } from "../aws/moto.js";
import { configuredPlace, expectRefusal } from "../cli/place.js";
import type { Workplace } from "../harness/clustershift.js";
import { servers, why } from "../replay/servers.js";
import { region } from "../traffic/world.js";

const opened = await openTestAws();
const fixtures = fileURLToPath(new URL("../velero/fixtures/", import.meta.url));
const Bucket = "acme-velero";

interface Planned {
  plan: Plan;
}

describe.skipIf("missing" in opened)(
  `a dead blue, of which a bucket is left${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  () => {
    if ("missing" in opened) return;
    const { endpoint } = opened.front;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const s3 = new S3Client({ region, endpoint: opened.front.internalEndpoint, credentials, forcePathStyle: true });
    const place = () => configuredPlace("nowhere.yaml", { aws: { region, endpoint } });
    const put = (name: string, file: string, Body: Buffer | string, prefix = "blue") =>
      s3.send(new PutObjectCommand({ Bucket, Key: `${prefix}/backups/${name}/${file}`, Body }));

    beforeAll(async () => {
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
      for (const name of ["plain", "versions"])
        for (const file of await readdir(join(fixtures, name)))
          await put(name, file, await readFile(join(fixtures, name, file)));
      const record = await readFile(join(fixtures, "plain", "velero-backup.json"), "utf8");
      const partial = record
        .replaceAll('"plain"', '"partial"')
        .replace('"Completed"', '"PartiallyFailed", "errors": 1')
        .replaceAll(": 36", ": 37")
        .replace('"velero.io/storage-location"', '"velero.io/schedule-name": "nightly", "velero.io/storage-location"');
      await put("partial", "partial.tar.gz", await readFile(join(fixtures, "plain", "plain.tar.gz")));
      await put("partial", "velero-backup.json", partial);
      const errors = { namespaces: { shop: [" name: /lost message: /Error backing up item error: /refused"] } };
      await put("partial", "partial-results.gz", gzipSync(JSON.stringify({ errors })));
    });
    afterAll(async () => {
      s3.destroy();
      await opened.close();
    });

    it.each([
      ["plain", 36],
      ["versions", 36],
    ])("is planned and exported from Velero's own backup %s, each object once", async (name, objects) => {
      const there = await place();
      const from = `velero:s3://${Bucket}/blue#${name}`;
      const { json } = await there.json<Planned>("plan", "--from", from);
      expect(json.plan.archive).toMatchObject({ kind: "velero", path: from, versionBy: "says velero-backup.json" });
      const read = Object.fromEntries(json.plan.kinds.map(({ kind, readAs }) => [kind, readAs]));
      expect(read).toMatchObject({
        "HorizontalPodAutoscaler.autoscaling": "autoscaling/v2",
        "PodDisruptionBudget.policy": "policy/v1",
      });
      const exported = await there.json<{ bundle: string; objects: number }>("export", "--from", from);
      expect(exported.json).toMatchObject({ outcome: "ok", from: { path: from, fewer: [] } });
      const { manifest } = await verifyBundle(exported.json.bundle, {
        identityFile: join(exported.json.bundle, "..", "age-identity.txt"),
      });
      expect(manifest.objects).toBe(objects);
      expect(manifest.kinds.find(({ resource }) => resource.kind === "Secret")?.encrypted).toBe(true);
      // What export wrote is an archive as any other.
      const explained = await there.run(["explain", "shop/Deployment/web"]);
      expect(explained).toMatchObject({ code: 0, stdout: expect.stringContaining("the bundle of run") });
      expect((await there.run(["explain", "shop/Deployment/web", "--from", from])).code).toBe(0);
    });

    it("takes the latest that Velero completed, and the plan names which", async () => {
      const { json } = await (await place()).json<Planned>("plan", "--from", `velero:s3://${Bucket}/blue#latest`);
      expect(json.plan.archive?.path).toBe(`velero:s3://${Bucket}/blue#versions`);
    });

    it("has Velero's own errors among the plan's findings", async () => {
      const from = `velero:s3://${Bucket}/blue#partial`;
      const { json, stderr } = await (await place()).json<Planned>("plan", "--from", from);
      expect(stderr).toContain("Velero says PartiallyFailed, with 1 error(s)");
      expect(json.plan.findings).toContainEqual(
        expect.objectContaining({ id: "backup-error", why: expect.stringContaining("shop/lost: Error backing up") }),
      );
    });

    it("lists the store's backups by their own word, with what was verified", async () => {
      const list = async (there: Workplace) =>
        (await there.json<{ backups: object[] }>("backup", "list", `velero:s3://${Bucket}/blue`)).json.backups;
      const there = await place();
      const named = (name: string) => ({ kind: "velero", path: `velero:s3://${Bucket}/blue#${name}` });
      expect(await list(there)).toEqual([
        expect.objectContaining({ ...named("versions"), phase: "Completed", verified: null }),
        expect.objectContaining({ ...named("partial"), phase: "PartiallyFailed", verified: null }),
        expect.objectContaining({ ...named("plain"), objects: 36, expiresAt: expect.stringMatching(/^20/) }),
      ]);
      await expectRefusal(there, ["backup", "list", "s3://acme-velero"], {
        code: "usage",
        what: "s3://acme-velero names no object store",
        fix: "velero:s3://BUCKET",
      });
    });

    it.skipIf(!servers)(
      `verifies a backup straight from its store, and one that is cut off isn't fit${why}`,
      async () => {
        const there = await place();
        // Its control plane is of the programs that are built already.
        there.env = { ...process.env, ...there.env, PATH: process.env.PATH, HOME: process.env.HOME };
        const verify = async (name: string, prefix = "blue") => {
          const { code, json } = await there.json<{ verification: BackupVerification }>(
            ...["backup", "verify", `velero:s3://${Bucket}/${prefix}#${name}`, "--without-blue"],
          );
          return { code, ...json.verification };
        };
        expect(await verify("plain")).toMatchObject({
          ...{ code: 0, outcome: "passed", objects: 36, defects: [], restoredInto: { version: "v1.24.17" } },
          backup: { kind: "velero", path: `velero:s3://${Bucket}/blue#plain` },
        });
        expect((await verify("partial")).backup).toMatchObject({
          ...{ schedule: "nightly", keptUntil: expect.stringMatching(/^20/) },
        });
        const whole = await readFile(join(fixtures, "plain", "plain.tar.gz"));
        const record = await readFile(join(fixtures, "plain", "velero-backup.json"), "utf8");
        await put("cut", "velero-backup.json", record.replaceAll('"plain"', '"cut"'), "green");
        await put("cut", "cut.tar.gz", whole.subarray(0, whole.length - 100), "green");
        expect(await verify("cut", "green")).toMatchObject({
          code: 77,
          outcome: "failed",
          defects: [{ id: "truncated" }],
        });
      },
    );

    it("are listed with the schedule that made them, and how long they're kept", async () => {
      const { json } = await (await place()).json<{ backups: { path: string; schedule: string; expiresAt: string }[] }>(
        ...["backup", "list", `velero:s3://${Bucket}/blue`],
      );
      expect(json.backups.map(({ path, schedule }) => [path.replace(/.*#/, ""), schedule]).sort()).toEqual([
        ["partial", "nightly"],
        ["plain", null],
        ["versions", null],
      ]);
      expect(json.backups.map(({ expiresAt }) => Date.parse(expiresAt))).not.toContain(Number.NaN);
    });

    it("lists the backups where none is named, and needs no configuration to assess one", async () => {
      await expectRefusal(await place(), ["plan", "--from", `velero:s3://${Bucket}/blue`], {
        code: "usage",
        what: /versions: Completed, 2026-11-24T.*, 43 items, 0 error.*\n {2}.*plain: Completed, .*, 36 items/s,
        fix: /#latest/,
      });
      const there = await place();
      there.env = { ...there.env, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint };
      const from = `velero:s3://${Bucket}/blue#versions`;
      const checked = await there.json<{ objects: number }>("plan", "--from", from, "--to", "1.35");
      expect(checked.json).toMatchObject({ objects: 36, from: { version: "v1.24.17" } });
    });
  },
);
