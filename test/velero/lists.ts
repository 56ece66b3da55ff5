import { gzipSync } from "node:zlib";
import type { KubeObject } from "../../src/model/objects.js";
import type { BackupFiles } from "../../src/velero/files.js";
import type { Backup } from "../../src/velero/read-backup.js";
import { resource } from "../replay/objects.js";

/** A backup of these objects of the core group, all of one kind. */
export function backupOf(kind: string, objects: readonly KubeObject[]): Pick<Backup, "resources" | "batches"> {
  return {
    resources: [resource("v1 ConfigMap"), resource(`v1 ${kind}`)],
    async *batches(asked) {
      if (asked.kind === kind) yield [...objects];
    },
  };
}

/** The lists that lie beside an archive, by their names. */
export function listsBeside(lists: Record<string, object[]>): BackupFiles {
  const files = new Map(
    Object.entries(lists).map(([name, list]) => [`b-${name}.json.gz`, gzipSync(JSON.stringify(list))]),
  );
  return {
    ...{ name: "b", archive: "b.tar.gz", shown: (file) => file },
    sizes: new Map([...files].map(([name, { length }]) => [name, length])),
    async *read(file) {
      yield files.get(file) ?? Buffer.alloc(0);
    },
  };
}
