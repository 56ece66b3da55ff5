import type { Outcome } from "../model/accounting.js";
import type { Dangling } from "../model/dangling.js";
import type { DnsWriters, ExternalDns } from "../model/external-dns.js";
import type { Faces } from "../model/faces.js";
import type { Finding } from "../model/finding.js";
import type { KubeVersion } from "../model/kube-version.js";
import type { ApiResource, KubeObject, ObjectRef } from "../model/objects.js";
import type {
  PlannedArchive,
  PlannedChange,
  PlannedDeployer,
  PlannedExclusive,
  PlannedHold,
  PlannedKind,
  Topology,
} from "../model/plan.js";
import type { Preflight } from "../model/preflight.js";
import type { StayingRecord } from "../model/traffic.js";
import type { PlannedVolume } from "../model/volumes.js";

/** An API that a Helm release names. */
interface ReleasedApi {
  apiVersion: string;
  kind: string;
  /** `namespace/name` of the release. */
  release: string;
  /** The Secret or ConfigMap that holds it. */
  keptIn: ObjectRef;
}

/** What Helm's releases on blue say, of those revisions that the next upgrade reads. */
export interface Releases {
  /** What their manifests and hooks name. */
  apis: ReleasedApi[];
  /** Those of which nothing can be said, and why. */
  unread: { keptIn: ObjectRef; problem: string }[];
}

/** What was observed of blue, and of the tables that say what green's version is: all that findings come from. */
export interface Assessment {
  from: KubeVersion;
  to: KubeVersion;
  blueResources: ApiResource[];
  broken: { groupVersion: string; reason: string }[];
  topology: Topology;
  /** Groups that green will have; an EKS green brings no control-plane nodes of its own. */
  greenTopology: Topology;
  kinds: PlannedKind[];
  /** What will be changed on the way, and in how many objects. */
  changes: PlannedChange[];
  /** What comes to green, but is kept from acting there. */
  held: PlannedHold[];
  exclusive: Exclusives;
  /** What becomes of the volumes of blue's claims. */
  volumes: readonly PlannedVolume[];
  /** Blue's objects, reduced to what findings ask for while they were listed. */
  objects: KubeObject[];
  releases: Releases;
  decided: Decided;
  /** Findings that rules and migrations made of single objects. */
  remarks: Finding[];
  distribution: "kops" | "eks" | "any";
  rehearsal: { where: string; differences: string[] };
  window: boolean;
  /** Present where AWS was asked what knows blue. */
  faces?: Faces;
  /** Present where records move. */
  dns?: PlannedDns;
  /** Present where blue itself wasn't asked. */
  archive?: PlannedArchive;
  /** What AWS said of a green that will be EKS's; absent for another. */
  preflight?: Preflight;
}

/** The names that move, and who else writes them. */
export interface PlannedDns extends DnsWriters {
  /** Green's as they will arrive. */
  instances: { blue: readonly ExternalDns[]; green: readonly ExternalDns[] };
  staying: readonly StayingRecord[];
  /** Whether weighted sets stay once blue is gone. */
  keeps: boolean;
}

/** What must not run on both clusters. */
export interface Exclusives {
  /** Stopped on blue, then released on green. */
  planned: PlannedExclusive[];
  /** What is selected, and can't be handed over. */
  others: { object: ObjectRef; rule: string; why: "no-way" | "owned" | "runs-out"; owner?: string }[];
  /** HorizontalPodAutoscalers of what is stopped. */
  autoscalers: ObjectRef[];
}

export const nothingExclusive: Exclusives = { planned: [], others: [], autoscalers: [] };

/** What was decided over blue's objects, before anything is written. */
export interface Decided {
  /** Objects that nothing is written for: left behind, dropped, or without a way. */
  settled: readonly Outcome[];
  deployers: PlannedDeployer[];
  /** What arriving objects name, and green won't have. */
  dangling: Dangling[];
  configured: ConfiguredEntry[];
}

/** One entry of the configuration that decides over objects, and over how many it does. */
export interface ConfiguredEntry {
  list: "skip" | "keep" | "deployers" | "exclusive";
  /** As messages name it: `replay.keep "proxy-settings"`. */
  entry: string;
  reason: string;
  objects: number;
  /** Of `keep`: how many stay behind all the same, and the rules by which they do. */
  unmoved: number;
  by: string[];
}

/** For an assessment in which nothing was decided. */
export const nothingDecided: Decided = { settled: [], deployers: [], dangling: [], configured: [] };

/** One kind of finding: a function over the assessment. */
export type Assessor = (assessment: Assessment) => Finding[];
