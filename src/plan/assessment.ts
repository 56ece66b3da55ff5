import type { Finding } from "../model/finding.js";
import type { KubeVersion } from "../model/kube-version.js";
import type { ApiResource, KubeObject } from "../model/objects.js";
import type { PlannedKind, Topology } from "../model/plan.js";

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
  /** Blue's objects, reduced to what findings ask for while they were listed. */
  objects: KubeObject[];
  /** Findings that rules and migrations made of single objects. */
  remarks: Finding[];
  distribution: "kops" | "eks" | "any";
  rehearsal: { where: string; differences: string[] };
  window: boolean;
}

/** One kind of finding: a function over the assessment. */
export type Assessor = (assessment: Assessment) => Finding[];
