import type { Bucket } from "../aws/s3.js";
import type { RecordStore } from "./store.js";

/** Objects are read so many at a time. */
const readers = 16;

/** Records in an S3 bucket: `PREFIX/RUN/journal/000000000000` and so on, as plain objects that any S3 tool can read. */
export function bucketStore(bucket: Bucket, prefix: string): RecordStore {
  const keyOf = (run: string, name: string) => `${prefix}/${run}/${name}`;
  return {
    name: `s3://${bucket.name}/${prefix}`,
    // Far below what S3 takes in one call: a piece shall be written within its deadline also over a slow line.
    largest: 4 * 1024 * 1024,
    runs: (signal) => bucket.folders(`${prefix}/`, signal),
    async names(run, signal) {
      const keys = await bucket.keys(keyOf(run, ""), signal);
      return keys.map(({ key, size, etag }) => ({ name: key.slice(keyOf(run, "").length), size, ...md5Of(etag) }));
    },
    async all(run, signal) {
      const left = await bucket.keys(keyOf(run, ""), signal);
      const found = new Map<string, Buffer>();
      const read = async (): Promise<void> => {
        for (let next = left.pop(); next; next = left.pop()) {
          const { key } = next;
          const object = await bucket.get(key, signal);
          if (object) found.set(key.slice(keyOf(run, "").length), object.body);
        }
      };
      await Promise.all(Array.from({ length: readers }, read));
      return found;
    },
    async get(run, name, signal) {
      const object = await bucket.get(keyOf(run, name), signal);
      return object && { bytes: object.body, version: object.etag };
    },
    put: (run, name, bytes, condition, signal) =>
      bucket.put(
        keyOf(run, name),
        bytes,
        typeof condition === "object" ? { etag: condition.version } : condition,
        signal,
      ),
    async close() {
      bucket.close();
    },
  };
}

/** An etag is the md5 of what was put, unless the bucket encrypts with a key of its own. */
function md5Of(etag: string): { md5?: string } {
  const [, md5] = /^"([0-9a-f]{32})"$/.exec(etag) ?? [];
  return md5 === undefined ? {} : { md5 };
}
