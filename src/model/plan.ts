import type { Author } from "./approval.js";
import { sha256 } from "./canonical.js";
import type { Finding } from "./finding.js";
import type { HoldEnd } from "./held.js";
import type { ObjectRef } from "./objects.js";
import type { Phase } from "./run.js";
import type { PlannedVolume } from "./volumes.js";
import type { MaintenanceWindow } from "./window.js";

/** A group of nodes as the cluster's own nodes show it. */
export interface NodeGroup {
  name: string;
  role: "control-plane" | "worker";
  /** Zone -> nodes. */
  zones: Record<string, number>;
  labels: Record<string, string>;
  taints: { key: string; value?: string; effect: string }[];
}

export interface Topology {
  zones: string[];
  groups: NodeGroup[];
}

/** What will become of the objects of one kind. */
export interface PlannedKind {
  /** `Deployment.apps` */
  kind: string;
  count: number;
  /** apiVersion in which blue is read. */
  readAs: string;
  /** apiVersion in which green is written; null where nothing is written. */
  writeAs: string | null;
  /** Migration or rule that decides, where one does. */
  by?: string;
}

/** A change that will be made to objects on their way: an adaptation, a transform of the team's, or a hold. */
export interface PlannedChange {
  id: string;
  stage: "adaptation" | "transform" | "hold";
  reason: string;
  /** How many objects it has something to do with. */
  objects: number;
}

/** An object that comes to green, but is kept from acting there. */
export interface PlannedHold {
  object: ObjectRef;
  /** Id of the change that holds it. */
  hold: string;
  until: HoldEnd;
}

/** A workload that two clusters must not run at once, and the one write to blue that stops it there. */
export interface PlannedExclusive {
  object: ObjectRef;
  /** Name of the rule under workloads.exclusive. */
  rule: string;
  /** What is written to: the workload itself, or the ScaledObject that scales it. */
  edited: ObjectRef;
  /** `spec.replicas` */
  field: string;
  value: string | number | boolean;
  /** Stopped before any traffic moves, and not once green serves: it would write over what a shift writes. */
  first?: boolean;
}

/** Objects by what made them, and how they come to green. */
export interface PlannedDeployer {
  /** `helm shop/web`, `argo-cd argocd/shop`, `operator Certificate.cert-manager.io`, `kubectl apply`, `nobody known`. */
  id: string;
  kind: "helm" | "argo-cd" | "flux" | "operator" | "infrastructure-code" | "kubectl" | "hand";
  objects: number;
  /** copied like all others, or left to the deployer, which brings them on green itself. */
  handling: "copy" | "leave";
  /** Some of the objects, as `refKey` gives them; all of them where nothing known deploys them. */
  examples: string[];
}

/** One thing that will be done, in order. */
export interface PlannedStep {
  phase: Phase;
  what: string;
  /** What it touches. Only `traffic` steps can be felt by users. */
  touches: "nothing" | "blue (read)" | "green" | "traffic" | "blue";
  /** How it is undone. */
  undo: string;
}

export interface PhaseBudget {
  phase: Phase;
  seconds: number;
  /** How the figure was come by. */
  basis: string;
}

/** Files that blue was read from, where blue itself wasn't asked. */
export interface PlannedArchive {
  kind: "folder" | "bundle" | "velero" | "several";
  /** As it was named by --from; of several, all of them. */
  path: string;
  /** When it was taken, or the newest time in it; ISO 8601, UTC. Null where nothing shows it. Of several, the oldest. */
  takenAt: string | null;
  /** Present where it's several: of an object that more than one has the last one's counts. */
  parts?: PlannedPart[];
  /** What says that blue has the version it is said to have. */
  versionBy: string;
}

/** One of several archives, in the order in which they were named. */
export interface PlannedPart extends Pick<PlannedArchive, "path" | "takenAt"> {
  kind: Exclude<PlannedArchive["kind"], "several">;
  /** By kind, as `kindKey` gives it: how many objects come from it. */
  kinds: Record<string, number>;
}

/** plan.json. `hash` is the sha256 of everything else in canonical JSON. */
export interface Plan {
  format: 1;
  run: string;
  environment: string;
  /** Absent in plans of before approvers were told apart. */
  author?: Author;
  createdAt: string;
  /** sha256 of the parsed configuration: a plan holds for one configuration only. */
  configHash: string;
  blue: { name: string; version: string; clusterId: string; topology: Topology };
  green: { version: string; topology: Topology };
  /** Present where the plan was made from files. */
  archive?: PlannedArchive;
  findings: Finding[];
  kinds: PlannedKind[];
  changes: PlannedChange[];
  held: PlannedHold[];
  /** The only writes to blue; absent where there are none. */
  exclusive?: PlannedExclusive[];
  /** What becomes of the volumes of blue's claims; absent where it has none. */
  volumes?: PlannedVolume[];
  deployers: PlannedDeployer[];
  targets: { target: string; from: string; to: string }[];
  steps: PlannedStep[];
  window: MaintenanceWindow | null;
  budgets: PhaseBudget[];
  /** Upper bound of a way back at any time. */
  rollbackSeconds: number;
  rehearsal: { where: string; differences: string[] };
  hash: string;
}

/** A plan's hash covers everything in it but when and on which machine it was made, and the hash itself. */
export function planHash(plan: Omit<Plan, "hash"> & { hash?: string }): string {
  const { hash: _hash, createdAt: _createdAt, author, ...content } = plan;
  if (!author) return sha256(content);
  const { host: _host, ...maker } = author;
  return sha256({ ...content, author: maker });
}
