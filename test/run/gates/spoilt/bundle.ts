import { ago, hour, minute } from "../../evidence.js";
import { backedUp, kept, planned, type Row, without } from "../spoil.js";

/** What is wrong with what was exported, restored and rehearsed. */
export const bundle: Row[] = [
  ["no bundle", "bundleVerified", "bundle-missing", without("bundle"), /no verified bundle/],
  [
    "an old bundle",
    "bundleFresh",
    "bundle-stale",
    (e) => ({ ...e, bundle: { ...e.bundle, manifest: { ...e.bundle.manifest, exportedAt: ago(48 * hour + 1) } } }),
    /backup of blue, its bundle, is 2d 0h old; it may be 2d 0h old/,
  ],
  [
    "a bundle of an old archive",
    "bundleFresh",
    "bundle-stale",
    planned({ archive: { kind: "velero", path: "b", takenAt: ago(72 * hour), versionBy: "v" } }),
    /is 3d 0h old/,
  ],
  [
    "a bundle from the future",
    "bundleFresh",
    "bundle-stale",
    (e) => ({ ...e, bundle: { ...e.bundle, manifest: { ...e.bundle.manifest, exportedAt: ago(-hour) } } }),
    /1h 00m in the future/,
  ],
  ["no backup that was restored", "backupVerified", "backup-unverified", without("backup"), /has been restored/],
  ["a backup that Velero has deleted", "backupVerified", "backup-unverified", kept(ago(minute)), /was kept until/],
  ["a backup with a defect", "backupVerified", "backup-unverified", backedUp({ outcome: "failed" }), /isn't fit/],
  [
    "an old rehearsal",
    "rehearsalFresh",
    "rehearsal-stale",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, at: ago(24 * hour + 1) } }),
    /rehearsal is 1d 0h old; it may be 1d 0h/,
  ],
  [
    "a rehearsal of no time",
    "rehearsalFresh",
    "rehearsal-stale",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, at: "" } }),
    /has no time/,
  ],
  ["no rehearsal", "rehearsed", "rehearsal-missing", without("rehearsal"), /not rehearsed/],
  [
    "another bundle's rehearsal",
    "rehearsed",
    "rehearsal-missing",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, bundle: "old" } }),
    /another bundle/,
  ],
  [
    "another version's rehearsal",
    "rehearsed",
    "rehearsal-missing",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, version: "1.34.1" } }),
    /against 1\.34\.1/,
  ],
  [
    "a refused rehearsal",
    "rehearsed",
    "rehearsal-missing",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, refused: [{ object: "Pod a/b", reason: "r" }] } }),
    /1 object\(s\)/,
  ],
];
