import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";
import { localFiles } from "../../src/velero/files.js";
import { type Backup, type ReadBackupOptions, readBackup } from "../../src/velero/read-backup.js";
import { collect, temporaryFolder } from "../kube/fake-server.js";

/** An entry of a hand-made archive: what is no text becomes JSON. */
export type TestEntry = [path: string, content: unknown, header?: Partial<Header>];

export const version: TestEntry = ["metadata/version", "1.1.0\n"];

export function tarOf(entries: readonly TestEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, content, header] of entries) {
    if (header?.type && header.type !== "file") archive.entry({ name, ...header });
    else {
      const text = typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content);
      archive.entry({ name, ...header }, text);
    }
  }
  archive.finalize();
  return buffer(archive as unknown as AsyncIterable<Buffer>);
}

export async function fileOf(bytes: Uint8Array, name = "nightly.tar.gz"): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, bytes);
  return file;
}

/** A gzipped archive with Velero's format version in front. */
export async function backupOf(...entries: TestEntry[]): Promise<string> {
  return fileOf(gzipSync(await tarOf([version, ...entries])));
}

export function configMap(namespace: string, name: string, more: object = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name }, ...more };
}

export async function readFrom(file: string, options: ReadBackupOptions = {}): Promise<Backup> {
  return readBackup(await localFiles(file), options);
}

export async function objectsOf(backup: Backup, resource: ApiResource): Promise<KubeObject[]> {
  return (await collect(backup.batches(resource))).flat();
}
