import { accountingOf, counts } from "../../../model/samples.js";
import { byVelero, planned, type Row, restoredOn, without } from "../spoil.js";

/** What did not arrive on green. */
export const replay: Row[] = [
  [
    "claims left to Velero",
    "volumesRestored",
    "volumes-not-restored",
    planned({ volumes: [byVelero] }),
    /1 claim.*shop\/data/,
  ],
  [
    "claims that Velero restored on another green",
    "volumesRestored",
    "volumes-not-restored",
    (e) => ({ ...planned({ volumes: [byVelero] })(e), journal: [...e.journal, restoredOn("other")] }),
    /1 claim/,
  ],
  ["no replay", "replayed", "replay-missing", without("replay"), /not been replayed/],
  [
    "another green's replay",
    "replayed",
    "replay-missing",
    (e) => ({ ...e, replay: { ...e.replay, green: { clusterId: "x" } } }),
    /another green/,
  ],
  [
    "another bundle's replay",
    "replayed",
    "replay-missing",
    (e) => ({ ...e, replay: { ...e.replay, bundle: "old" } }),
    /another bundle/,
  ],
  [
    "failed objects",
    "replayed",
    "replay-missing",
    (e) => ({
      ...e,
      replay: { ...e.replay, accounting: accountingOf({ Pod: counts({ listed: 2, migrated: 1, failed: 1 }) }) },
    }),
    /1 object\(s\) failed/,
  ],
  [
    "lost objects",
    "replayed",
    "replay-missing",
    (e) => ({ ...e, replay: { ...e.replay, accounting: accountingOf({ Pod: counts({ listed: 2, migrated: 1 }) }) } }),
    /doesn't account/,
  ],
  [
    "what a deployer hasn't brought",
    "replayed",
    "replay-missing",
    (e) => ({
      ...e,
      replay: { ...e.replay, left: { come: 1, missing: [{ object: "ConfigMap shop/a", deployer: "helm shop/web" }] } },
    }),
    /1 object\(s\) that were left to their deployers/,
  ],
  [
    "a difference",
    "replayed",
    "replay-missing",
    (e) => ({
      ...e,
      parity: {
        ...e.parity,
        differences: [{ object: { group: "", kind: "Pod", name: "a" }, kind: "missing", fields: [] }],
      },
    }),
    /1 undeclared difference/,
  ],
];
