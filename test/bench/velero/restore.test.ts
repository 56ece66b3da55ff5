import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { kinds, namespaces } from "../../../bench/objects.js";
import { readArchive } from "../../../bench/velero/archive.js";
import { byVelero } from "../../../bench/velero/contenders.js";
import { fateOf } from "../../../bench/velero/fates.js";
import { madeOf } from "../../../bench/velero/groups.js";
import { look } from "../../../bench/velero/look.js";
import type { World } from "../../../bench/velero/world.js";
import { connect } from "../../../src/kube/connect.js";
import { areStored } from "../../../src/sandbox/binaries/ensure.js";
import { controlPlaneBinaries } from "../../../src/sandbox/binaries/versions.js";
import { startControlPlane, stopControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import { startVelero } from "../../../src/sandbox/velero/velero-server.js";
import { openTestAws } from "../../aws/moto.js";
import { temporaryFolder } from "../../kube/fake-server.js";

const version = "1.35.4";
// A first build takes minutes: nobody is made to wait for it.
const stored = await areStored([...controlPlaneBinaries(version), "velero", "velero-plugin-for-aws"]);
const why = stored ? "" : " (skipped: its programs aren't in the cache)";
const region = "eu-central-1";
const fixture = new URL("../../velero/fixtures/versions/", import.meta.url).pathname;

/** The fixture, under the name that the bench restores by. */
async function storeBackup(endpoint: string, bucket: string): Promise<Uint8Array> {
  const s3 = new S3Client({ region, endpoint, forcePathStyle: true });
  const archive = await readFile(join(fixture, "versions.tar.gz"));
  const record = (await readFile(join(fixture, "velero-backup.json"), "utf8")).replaceAll('"versions"', '"production"');
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  for (const [name, body] of [
    ["production.tar.gz", archive],
    ["velero-backup.json", record],
  ] as const)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `blue/backups/production/${name}`, Body: body }));
  s3.destroy();
  return archive;
}

/** Velero leaves alone what is there: here under the name of a ConfigMap of the backup. */
async function takeName(kubeconfig: string): Promise<void> {
  const api = await connect({ kubeconfig, context: "green", env: {} });
  const settings = { name: "settings", namespace: "shop" };
  await api.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  await api.create(kinds[0], { apiVersion: "v1", kind: "ConfigMap", metadata: settings, data: { taken: "yes" } });
  await api.close();
}

it.skipIf(!stored)(
  `what the real Velero restores of a backup is seen as arrived, changed or failed, in its words${why}`,
  async () => {
    const dir = await temporaryFolder();
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    const bucket = `bench-velero-${process.pid}`;
    const plane = join(dir, "plane");
    try {
      const archive = await readArchive(await storeBackup(aws.front.endpoint, bucket));
      const options = { name: "green", dir: plane, version, kwok: false, fsync: false, auditPolicy: false } as const;
      const { kubeconfigPath: kubeconfig } = await startControlPlane(options);
      const withVelero: World["withVelero"] = async (kubeconfig, limits, work) => {
        const store = { bucket, prefix: "blue", region, endpoint: aws.front.endpoint };
        const places = { dir: join(dir, "velero"), processes: join(dir, "processes") };
        const velero = await startVelero({
          kubeconfig,
          ...places,
          store,
          features: ["EnableAPIGroupVersions"],
          ...limits,
        });
        return work(velero).finally(() => velero.stop());
      };
      const green = { name: "green", kubeconfig };
      await takeName(kubeconfig);
      const pristine = new Set((await look(green, archive)).keys());
      const { ms, said, put, notes } = await byVelero({ archive, withVelero }, green, { qps: 1_000, burst: 1_000 });
      const found = await look(green, archive);
      const live = new Set([...found.values()].flatMap(({ metadata }) => metadata.uid ?? []));
      const made = madeOf(archive, pristine);
      const fates = made.map((backed) => fateOf(backed, { found, control: new Map(), live }, said));

      expect(ms).toBeGreaterThan(0);
      expect(notes[0]).toMatch(/^ended (Completed|PartiallyFailed) with \d+ errors/);
      expect(made.length).toBeGreaterThan(10);
      for (const [at, { key }] of made.entries())
        expect(`${key} ${["arrived", "changed"].includes(fates[at]?.fate ?? "")}`).toBe(`${key} ${found.has(key)}`);
      expect(fates.some(({ fate, marked }) => fate === "arrived" && marked)).toBe(true);
      expect(made.filter(({ key }) => put.has(key) && !found.has(key))).toEqual([]);
      const others = fates.filter(({ fate }) => fate !== "arrived");
      expect(others).toEqual([
        { kind: "ConfigMap", fate: "changed", why: ["binaryData", "data.taken", "data.text", "metadata.annotations"] },
        { kind: "Namespace", fate: "changed", why: ["metadata.labels.team"] },
      ]);
    } finally {
      await stopControlPlane(plane);
      await aws.close();
    }
  },
  180_000,
);
