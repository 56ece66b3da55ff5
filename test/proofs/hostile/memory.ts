import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { stringify } from "yaml";
import type { Report } from "../../../scripts/proofs.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { runMeasured } from "./command.js";
import { version } from "./parts.js";
import { type RawEntry, rawEntry, tarEnd } from "./raw-tar.js";

export interface MemoryFigures {
  exports: Exported[];
  /** The largest export's peak of memory by that of the one before. */
  ratio: number;
}

interface Exported {
  /** Of the archive, unpacked. */
  megabytes: number;
  packedMegabytes: number;
  objects: number;
  /** Peak of the real process. */
  peakMegabytes: number;
  seconds: number;
}

const region = "eu-central-1";
const Bucket = "large-backups";
const objectBytes = 90_000;

/** Exports backups of these sizes from an object store by the real program, and compares what memory it took. */
export async function measureMemory(
  { endpoint, internalEndpoint }: AwsFront,
  { megabytes, report }: { megabytes: readonly number[]; report: Report },
): Promise<MemoryFigures> {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-large-backups-"));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({
    region,
    endpoint: internalEndpoint,
    credentials,
    forcePathStyle: true,
    // A checksum at the end comes in pieces, which the emulator puts together slowly.
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  try {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    const exports: Exported[] = [];
    for (const size of [1, ...megabytes]) {
      const place = join(dir, String(size));
      await mkdir(place);
      const name = `large-${size}`;
      const made = await upload(s3, name, size, join(place, "archive"));
      const exported = await exportOf(place, `velero:s3://${Bucket}#${name}`, endpoint, made.objects);
      await rm(place, { recursive: true, force: true });
      // The first is to warm up: what tsx compiles isn't to be counted.
      if (size === 1) continue;
      exports.push({ ...made, ...exported });
      report(`${size} MB: ${made.objects} objects, ${exported.peakMegabytes} MB of memory, ${exported.seconds} s`);
    }
    const peaks = exports.map(({ peakMegabytes }) => peakMegabytes);
    return { exports, ratio: Number(((peaks.at(-1) ?? 0) / (peaks.at(-2) ?? 1)).toFixed(2)) };
  } finally {
    s3.destroy();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Three entries an object: its preferred version twice, as Velero writes it, and an older one. */
async function upload(s3: S3Client, name: string, megabytes: number, file: string) {
  const objects = Math.max(1, Math.round((megabytes * 1e6) / (3 * objectBytes)));
  await pipeline(Readable.from(archiveOf(objects)), createGzip({ level: 1 }), createWriteStream(file));
  const { size } = await stat(file);
  const key = (suffix: string) => `backups/${name}/${suffix}`;
  const put = (Key: string, Body: Readable | string, ContentLength: number) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength }));
  await put(key(`${name}.tar.gz`), createReadStream(file), size);
  const record = JSON.stringify({
    kind: "Backup",
    metadata: { name, annotations: { "velero.io/source-cluster-k8s-gitversion": "v1.24.17" } },
    status: {
      phase: "Completed",
      startTimestamp: "2026-03-07T01:00:00Z",
      progress: { itemsBackedUp: 2 * objects + 1 },
    },
  });
  await put(key("velero-backup.json"), record, Buffer.byteLength(record));
  await rm(file);
  return { megabytes, packedMegabytes: Math.round(size / 1e6), objects: objects + 1 };
}

function* archiveOf(objects: number): Generator<Buffer> {
  yield rawEntry(version);
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", uid: "large" } };
  yield rawEntry({ name: "resources/namespaces/cluster/kube-system.json", content: JSON.stringify(namespace) });
  for (let n = 0; n < objects; n++) {
    const folder = "resources/poddisruptionbudgets.policy";
    const file = `namespaces/shop/budget-${n}.json`;
    yield* [
      entry(`${folder}/${file}`, "policy/v1", n),
      entry(`${folder}/v1-preferredversion/${file}`, "policy/v1", n),
      entry(`${folder}/v1beta1/${file}`, "policy/v1beta1", n),
    ].map(rawEntry);
  }
  yield tarEnd;
}

/** Of about `objectBytes`, and packed to a small part of it. */
function entry(name: string, apiVersion: string, n: number): RawEntry {
  const lines = Array.from(
    { length: 900 },
    (_, line) => `line ${line} of budget ${n}: ${"the same as in all others ".repeat(2)}${line * n}`,
  );
  const annotations = { "acme.example/text": lines.join("\n").slice(0, objectBytes) };
  const metadata = { name: `budget-${n}`, namespace: "shop", annotations };
  const spec = { minAvailable: 1, selector: { matchLabels: { app: `app-${n}` } } };
  return { name, content: JSON.stringify({ apiVersion, kind: "PodDisruptionBudget", metadata, spec }) };
}

async function exportOf(place: string, from: string, endpoint: string, objects: number) {
  const config = {
    apiVersion: "clustershift.dev/v1",
    environment: "large backups",
    blue: { name: "blue.acme.example", context: "none", kubeconfig: "none.yaml", teardown: { command: ["true"] } },
    green: { name: "acme-1-35", version: "1.35", stack: { kind: "sandbox", sandbox: "none" } },
    aws: { region, endpoint },
    record: { green: false },
    smoke: { checks: [{ kind: "workloads", name: "app answers" }] },
  };
  await writeFile(join(place, "clustershift.yaml"), stringify(config));
  const env = { ...process.env, HOME: place, XDG_STATE_HOME: join(place, "state") };
  const planned = await runMeasured(["plan", "--from", `velero:s3://${Bucket}#large-1`], { cwd: place, env });
  if (planned.code !== 0) throw new Error(`plan ended with ${planned.code}: ${planned.stderr}`);
  const began = performance.now();
  const { code, stdout, stderr, megabytes } = await runMeasured(["export", "--from", from, "--output", "json"], {
    cwd: place,
    env,
  });
  if (code !== 0) throw new Error(`export ended with ${code}: ${stderr}${stdout}`);
  const answer = JSON.parse(stdout) as { objects: number };
  if (answer.objects !== objects) throw new Error(`${answer.objects} of ${objects} objects were exported`);
  return { peakMegabytes: megabytes, seconds: Math.round((performance.now() - began) / 1000) };
}
