/** What a backup may at most hold: more is a bomb, or nothing that one cluster can have stored. */
export interface Limits {
  /** Bytes of one object's JSON. etcd takes 1.5 MB of protobuf unless told otherwise; JSON and base64 make more of it. */
  objectBytes: number;
  /** Bytes of the whole archive, unpacked, headers and all. */
  archiveBytes: number;
  /** Files in the archive, folders included. Velero writes each object twice. */
  entries: number;
  /** Arrays and objects in one another. API servers take 10,000; what reads them here recurses, and has a smaller stack. */
  depth: number;
  /** Fields and elements of one object: each takes far more memory than text. */
  values: number;
  /** Bytes unpacked for one that was packed, once more than `ratioFrom` bytes were unpacked. gzip can make 1,032. */
  ratio: number;
  ratioFrom: number;
  /** Bytes of velero-backup.json. */
  recordBytes: number;
  /** Bytes of one other side file, unpacked; those that are read are in memory as a whole. */
  sideBytes: number;
  /** Bytes of Velero's log, unpacked: it is never in memory. */
  logBytes: number;
}

export const defaultLimits: Limits = {
  objectBytes: 32 * 2 ** 20,
  archiveBytes: 16 * 2 ** 30,
  entries: 2_000_000,
  depth: 500,
  values: 1_000_000,
  ratio: 150,
  ratioFrom: 32 * 2 ** 20,
  recordBytes: 4 * 2 ** 20,
  sideBytes: 64 * 2 ** 20,
  logBytes: 4 * 2 ** 30,
};
