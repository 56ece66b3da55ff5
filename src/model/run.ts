/** The phases of a run, in order. `rollback` may follow `cutover` or `soak`, and leads back before `cutover`. */
export const phases = [
  "plan",
  "approve",
  "up",
  "export",
  "rehearse",
  "migrate",
  "smoke",
  "cutover",
  "soak",
  "teardown",
] as const;
export type Phase = (typeof phases)[number];

/** green.json: what `up` found true of the cluster that it stood up. */
export interface GreenRecord {
  format: 1;
  stack: string;
  /** UID of green's kube-system namespace: what tells one green from another. */
  clusterId: string;
  version: string;
  /** Path, relative to the run folder, of a kubeconfig without secrets that outlive the cluster. */
  kubeconfig: string;
  context: string;
  readyAt: string;
  /** Named addresses, e.g. `ingress`, that traffic targets refer to. */
  addresses: Record<string, string>;
  /** Groups of nodes, with the zones in which each must have one. Absent in records of before they were kept. */
  groups?: { name: string; zones: string[] }[];
}

/** rehearsal.json */
export interface RehearsalReport {
  format: 1;
  at: string;
  /** Manifest hash of the bundle that was rehearsed. */
  bundle: string;
  version: string;
  objects: number;
  refused: { object: string; reason: string }[];
}
