import { filledAt } from "../model/json.js";
import { type ObjectRef, refKey } from "../model/objects.js";
import type { VolumeStrategy } from "../model/volumes.js";
import type { ClaimView } from "./claims.js";

/** What a rule may know beyond the claim itself. */
export interface VolumeContext {
  /** The rule that leaves an object of blue behind, if one does: green makes nothing of it. */
  leftBy(ref: ObjectRef): string | undefined;
  /** What the cutover stops on blue (workloads.exclusive), by `refKey`. */
  stopped: ReadonlySet<string>;
  /** Zones in which green has nodes; undefined where nobody knows. */
  greenZones: ReadonlySet<string> | undefined;
  /** Whether clustershift.yaml says where AWS is. */
  asksAws: boolean;
  /** `volumes.zones`: zone of blue -> zone of green. */
  zones: Readonly<Record<string, string>>;
}

/** Why a claim's volume becomes what it becomes. */
export interface VolumeRule {
  /** Stable, kebab-case, documented. */
  id: string;
  strategy: VolumeStrategy;
  /** One sentence: why. */
  reason: string;
  /** What it forbids, whoever asks for it; absent where it only says what is usual. */
  against?: readonly VolumeStrategy[];
  applies(view: ClaimView, context: VolumeContext): boolean;
}

const moving: readonly VolumeStrategy[] = ["copy", "hand-over"];
const all: readonly VolumeStrategy[] = ["copy", "hand-over", "velero", "shared", "fresh"];

/** Where green would have the volume: undefined for what is no EBS volume, or of which the zone isn't known. */
export function zoneOn(
  view: ClaimView,
  { zones }: Pick<VolumeContext, "zones">,
): { from: string; to: string } | undefined {
  const { backing } = view;
  if (backing?.kind !== "ebs" || backing.zone === undefined) return undefined;
  return { from: backing.zone, to: zones[backing.zone] ?? backing.zone };
}

/** Every rule, in the order in which they are asked. The first that applies decides; register a new one here. */
export const volumeRules: readonly VolumeRule[] = [
  {
    id: "claim-stays-behind",
    strategy: "leave",
    reason: "The claim itself doesn't come to green by a replay: a rule leaves it behind, or its deployer brings it.",
    against: all,
    applies: ({ ref }, { leftBy }) => leftBy(ref) !== undefined,
  },
  {
    id: "unbound-claim",
    strategy: "leave",
    reason: "The claim has no volume on blue, or one that blue doesn't list: there is nothing to bring.",
    against: all,
    applies: ({ volume }) => volume === undefined,
  },
  {
    id: "workload-stays-behind",
    strategy: "leave",
    reason: "Everything that mounts it stays behind, so nobody on green would use it.",
    against: moving,
    applies: ({ users }, { leftBy }) => users.length > 0 && users.every(({ ref }) => leftBy(ref) !== undefined),
  },
  {
    id: "shared-file-system",
    strategy: "shared",
    reason:
      "A file system that many nodes mount at once: green mounts the same one, and both clusters see what either writes.",
    against: moving,
    applies: ({ backing }) => backing?.kind === "shared",
  },
  {
    id: "on-one-node",
    strategy: "leave",
    reason: "It lies on the disk of one of blue's nodes (hostPath, local), which green doesn't have.",
    against: ["copy", "hand-over", "shared"],
    applies: ({ backing }) => backing?.kind === "node",
  },
  {
    id: "unknown-driver",
    strategy: "leave",
    reason: "Its driver is none that clustershift knows.",
    against: ["copy", "hand-over", "shared"],
    applies: ({ backing }) => backing?.kind === "unknown",
  },
  {
    id: "many-nodes-on-ebs",
    strategy: "leave",
    reason: "Several nodes may write to this EBS volume at once (ReadWriteMany), and no snapshot of that is sound.",
    against: ["copy", "hand-over", "shared"],
    applies: ({ accessModes }) => accessModes.includes("ReadWriteMany"),
  },
  {
    id: "deleted-when-scaled",
    strategy: "leave",
    reason:
      "Its StatefulSet deletes claims when it is scaled down (persistentVolumeClaimRetentionPolicy.whenScaled: Delete): stopping it would delete the volume.",
    against: moving,
    applies: ({ users }) =>
      users.some(
        ({ object }) => filledAt(object, "spec", "persistentVolumeClaimRetentionPolicy", "whenScaled") === "Delete",
      ),
  },
  {
    id: "zone-unknown",
    strategy: "leave",
    reason: "Neither node affinity nor labels of its PersistentVolume say in which zone it is.",
    against: moving,
    applies: ({ backing }) => backing?.kind === "ebs" && backing.zone === undefined,
  },
  {
    id: "zone-missing",
    strategy: "leave",
    reason: "Green has no nodes in its zone: volumes.zones may name another one, into which it is copied.",
    against: moving,
    applies: (view, context) => {
      const zone = zoneOn(view, context);
      return zone !== undefined && context.greenZones !== undefined && !context.greenZones.has(zone.to);
    },
  },
  {
    id: "aws-not-configured",
    strategy: "fresh",
    reason: "clustershift.yaml has no aws, so that nobody can be asked about its volume.",
    against: moving,
    applies: ({ backing }, { asksAws }) => backing?.kind === "ebs" && !asksAws,
  },
  {
    id: "not-stopped",
    strategy: "fresh",
    reason:
      "Nothing stops what mounts it on blue: it isn't exclusive (workloads.exclusive), so that a copy would lack what is written after it.",
    against: moving,
    applies: ({ users }, { stopped }) => users.some(({ ref }) => !stopped.has(refKey(ref))),
  },
  {
    id: "zone-moved",
    strategy: "copy",
    reason: "volumes.zones moves it into another zone, and an EBS volume can't leave its own.",
    against: ["hand-over"],
    applies: (view, context) => {
      const zone = zoneOn(view, context);
      return zone !== undefined && zone.from !== zone.to;
    },
  },
  {
    id: "unused",
    strategy: "fresh",
    reason: "Nothing mounts it, so nobody is known to need what lies in it.",
    applies: ({ users }) => users.length === 0,
  },
  {
    id: "exclusive-workload",
    strategy: "hand-over",
    reason:
      "What mounts it is stopped on blue before green's starts: the same volume goes over, and nothing is copied.",
    applies: () => true,
  },
];

/** What only a file system that is shared can be. */
export const notShared: VolumeRule = {
  id: "not-shared",
  strategy: "leave",
  reason: "It is no file system that many nodes can mount at once.",
  against: ["shared"],
  applies: ({ backing }) => backing?.kind !== "shared",
};
