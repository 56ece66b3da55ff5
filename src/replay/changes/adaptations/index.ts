import type { PlannedVolume } from "../../../model/volumes.js";
import type { Change } from "../change.js";
import { blueAddresses } from "./blue-addresses.js";
import { claimClass } from "./claim-class.js";
import { claimVolumes } from "./claim-volumes.js";
import { controlPlaneToleration } from "./control-plane-toleration.js";
import { cronTimeZone } from "./cron-time-zone.js";
import { ebsStorageClass } from "./ebs-storage-class.js";
import { goneVolumePlugins } from "./gone-volume-plugins.js";
import type { GreenKind, GreenVersion } from "./green.js";
import { greenNodeLabels, type NodeLabels } from "./green-node-labels.js";
import { helmReleases } from "./helm-releases.js";
import { images } from "./images.js";
import { ingressClass } from "./ingress-class.js";
import { loadBalancers } from "./load-balancers.js";
import { lostAnnotations } from "./lost-annotations.js";
import { namedTokens } from "./named-tokens.js";
import { type NodeLabelMapping, nodeLabels } from "./node-labels.js";
import { nodePins } from "./node-pins.js";
import { nodeVolumes } from "./node-volumes.js";
import { definitionsRefused, webhooksRefused } from "./refused-by-v1.js";
import { scaleTarget } from "./scale-target.js";
import { seccompAnnotations } from "./seccomp-annotations.js";
import { serviceFields } from "./service-fields.js";
import { workloadIdentity } from "./workload-identity.js";

/** What adaptations go by, beside the objects: the configuration, and what it says of the two clusters. */
export interface AdaptationSettings {
  /** Ids of adaptations that a team doesn't want. */
  off: readonly string[];
  nodeLabels: Readonly<Record<string, NodeLabelMapping>>;
  /** Prefix of images' names -> what stands there instead. */
  images: Readonly<Record<string, string>>;
  /** What blue is called: `blue.acme.example`. */
  blueName?: string;
  greenVersion?: GreenVersion;
  greenKind?: GreenKind;
  /** What green's node groups carry; absent where that isn't known, or as on blue. */
  greenNodeLabels?: NodeLabels;
  /** What becomes of the volumes of blue's claims, by the plan; absent before there is one. */
  volumes?: readonly PlannedVolume[] | undefined;
}

/**
 * Adaptations that change come first, then those that only point out, and so see the result. Register a new one here, and its
 * name in src/model/adaptation-names.ts.
 */
export function allAdaptations(settings: AdaptationSettings): Change[] {
  return [
    definitionsRefused,
    webhooksRefused,
    images(settings.images),
    nodeLabels(settings.nodeLabels),
    controlPlaneToleration,
    seccompAnnotations,
    ebsStorageClass(settings.greenVersion, settings.greenKind),
    claimClass,
    claimVolumes(settings.volumes),
    ingressClass(settings.greenVersion),
    cronTimeZone(settings.greenVersion),
    scaleTarget,
    serviceFields,
    helmReleases,
    greenNodeLabels(settings.greenNodeLabels),
    nodePins,
    nodeVolumes(settings.greenVersion),
    goneVolumePlugins,
    namedTokens,
    lostAnnotations,
    workloadIdentity,
    loadBalancers,
    blueAddresses(settings.blueName),
  ];
}

/** Where a team has said nothing of its own. */
export const noSettings: AdaptationSettings = { off: [], nodeLabels: {}, images: {} };

export function adaptationsWith(settings: AdaptationSettings): Change[] {
  return allAdaptations(settings).filter(({ id }) => !settings.off.includes(id));
}
