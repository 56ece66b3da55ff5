import { ago, journalOf, teardownDone } from "../../evidence.js";
import { blocker, planned, type Row, without } from "../spoil.js";

/** What is wrong with the plan, its approval or its run. */
export const plan: Row[] = [
  ["no plan", "planExists", "no-plan", without("plan"), /no plan/],
  ["a blocker", "notBlocked", "plan-blocked", planned({ findings: [blocker] }), /1 blocker\(s\): no-path/],
  ["no approval", "approved", "plan-not-approved", without("approval"), /Nobody has approved/],
  [
    "an edited plan",
    "planIntact",
    "plan-changed",
    (e) => ({ ...e, plan: { ...e.plan, environment: "x" } }),
    /was edited/,
  ],
  [
    "another configuration",
    "planIntact",
    "plan-changed",
    (e) => ({ ...e, configHash: "other" }),
    /clustershift.yaml, or a module that it names, changed/,
  ],
  [
    "another plan's approval",
    "approvalFits",
    "plan-changed",
    (e) => ({ ...e, approval: { ...e.approval, planHash: "f00" } }),
    /changed since Jo Berg approved/,
  ],
  [
    "a finished run",
    "notFinished",
    "run-finished",
    (e) => ({ ...e, journal: journalOf([ago(0), teardownDone]) }),
    /has ended/,
  ],
];
