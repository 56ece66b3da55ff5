import { type KubeObject, type ObjectRef, refKey } from "../model/objects.js";
import { like, selects } from "../model/selector.js";
import { type ConfiguredVolumeRule, isMoved, type PlannedVolume, type VolumeStrategy } from "../model/volumes.js";
import { type ClaimView, claimsOf, sizeOf } from "./claims.js";
import { downtimeOf, sumsTake } from "./downtime.js";
import { notShared, type VolumeContext, type VolumeRule, volumeRules, zoneOn } from "./rules.js";

export interface VolumeSettings extends VolumeContext {
  /** `volumes.rules`, in the order of the file. */
  rules: readonly ConfiguredVolumeRule[];
  /** `volumes.default`: for EBS volumes that no rule of the file is about, wherever it can be done. */
  otherwise?: VolumeStrategy | undefined;
  /** How long `volumes.checksum` may take for one volume on one cluster, where it's set. */
  checksumMs?: number | undefined;
  /** How an object of blue is called on green. */
  arrivesAs(ref: ObjectRef): ObjectRef | undefined;
}

interface Decision {
  strategy: VolumeStrategy;
  rule: string;
  reason: string;
  refused?: VolumeStrategy;
}

/** What becomes of the volume of each of blue's claims, by namespace and name. Pure. */
export function decideVolumes(objects: readonly KubeObject[], settings: VolumeSettings): PlannedVolume[] {
  const decided = claimsOf(objects).map((view) => ({ view, decision: decide(view, settings) }));
  const moved = decided.filter(({ decision }) => isMoved(decision)).length;
  const sums = settings.checksumMs === undefined ? 0 : sumsTake(moved, settings.checksumMs);
  return decided.map(({ view, decision }) => {
    const { ref, volume, backing, storageClass, users } = view;
    const arrives = settings.arrivesAs(ref);
    const size = sizeOf(view);
    const zone = zoneOn(view, settings);
    const downtime = downtimeOf(decision.strategy, size, sums);
    return {
      claim: ref,
      ...(arrives && refKey(arrives) !== refKey(ref) && { arrivesAs: arrives }),
      ...decision,
      ...(volume && { volume: volume.metadata.name }),
      ...(backing?.handle && { handle: backing.handle }),
      ...(storageClass !== undefined && { storageClass }),
      ...(size !== undefined && { size }),
      ...(zone && { zone }),
      users: users.map((user) => user.ref),
      ...(downtime && { downtime }),
    };
  });
}

function decide(view: ClaimView, settings: VolumeSettings): Decision {
  const asked = settings.rules.find(({ select: { storageClass, ...select } }) => isAbout(view, select, storageClass));
  if (asked) {
    const obstacle = obstacleTo(asked.strategy, view, settings);
    if (!obstacle) return { strategy: asked.strategy, rule: asked.name, reason: asked.reason };
    return { strategy: "leave", rule: obstacle.id, reason: obstacle.reason, refused: asked.strategy };
  }
  const { otherwise } = settings;
  if (otherwise !== undefined && view.backing?.kind === "ebs" && !obstacleTo(otherwise, view, settings))
    return { strategy: otherwise, rule: "volumes.default", reason: "volumes.default says so." };
  const rule = volumeRules.find(({ applies }) => applies(view, settings));
  if (!rule) throw new Error("the last rule applies to every claim");
  return { strategy: rule.strategy, rule: rule.id, reason: rule.reason };
}

function isAbout(view: ClaimView, select: ConfiguredVolumeRule["select"], storageClass: string | undefined): boolean {
  return selects(select, view.claim) && (storageClass === undefined || like(storageClass, view.storageClass ?? ""));
}

function obstacleTo(strategy: VolumeStrategy, view: ClaimView, context: VolumeContext): VolumeRule | undefined {
  return [...volumeRules, notShared].find(
    ({ against, applies }) => against?.includes(strategy) === true && applies(view, context),
  );
}
