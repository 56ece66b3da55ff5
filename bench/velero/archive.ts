import { once } from "node:events";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { type KubeObject, kindKey, type ObjectRef, refKey, refOf } from "../../src/model/objects.js";

/** One object of a backup. */
export interface Backed {
  /** `refKey` of it: the same in every version. */
  key: string;
  /** `Deployment.apps` */
  kind: string;
  ref: ObjectRef;
  /** As blue served it, the version first that blue preferred. */
  versions: KubeObject[];
}

/** Everything that a backup has, by its key. */
export type Archive = ReadonlyMap<string, Backed>;

const path =
  /^resources\/[^/]+\/(?:(?<version>v[a-z0-9]+?)(?<preferred>-preferredversion)?\/)?(?:cluster|namespaces)\//;

/** By nothing but what Velero's archive is made of: objects as JSON, a file each, in folders by resource and version. */
export async function readArchive(packed: Uint8Array): Promise<Archive> {
  const archive = new Map<string, Backed>();
  const unpack = extract();
  unpack.on("entry", (header, stream, next) => {
    const groups = path.exec(header.name)?.groups;
    void text(stream).then((json) => {
      if (groups && header.name.endsWith(".json")) {
        // A folder without a version repeats the preferred one.
        add(archive, JSON.parse(json) as KubeObject, !groups.version || groups.preferred !== undefined);
      }
      next();
    }, next);
  });
  Readable.from([packed]).pipe(createGunzip()).pipe(unpack);
  await once(unpack, "finish");
  return archive;
}

function add(archive: Map<string, Backed>, object: KubeObject, preferred: boolean): void {
  const ref = refOf(object);
  const key = refKey(ref);
  const backed = archive.get(key) ?? { key, kind: kindKey(ref), ref, versions: [] };
  archive.set(key, backed);
  if (backed.versions.some(({ apiVersion }) => apiVersion === object.apiVersion)) return;
  if (preferred) backed.versions.unshift(object);
  else backed.versions.push(object);
}
