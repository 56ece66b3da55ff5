/** What a backup may at most hold: more is a bomb, or nothing that one cluster can have stored. */
export interface Limits {
  /** Bytes of one object's JSON. etcd takes 1.5 MB of protobuf unless told otherwise; JSON and base64 make more of it. */
  objectBytes: number;
  /** Bytes of the whole archive, unpacked, headers and all. */
  archiveBytes: number;
  entries: number;
  /** Arrays and objects in one another. API servers take 10,000; what reads them here recurses, and has a smaller stack. */
  depth: number;
}

export const defaultLimits: Limits = {
  objectBytes: 32 * 2 ** 20,
  archiveBytes: 16 * 2 ** 30,
  entries: 4_000_000,
  depth: 500,
};
