import { rangesOverlap } from "../model/ranges.js";
import type { ShapeNetwork } from "../model/shape.js";

/** The network as the foundation stack's settings say it. */
export type DraftNetwork =
  | { kind: "new"; cidr: string; zones: string[] }
  | { kind: "found"; vpcId: string; privateSubnetIds: string[]; publicSubnetIds: string[] };

export interface DrawnNetwork {
  network: DraftNetwork;
  /** Why this one, in whole sentences. */
  chosen: string[];
}

export interface NetworkNeeds {
  region: string;
  /** Zones of all groups, and of those that own addresses. */
  zones: string[];
  addressZones: string[];
}

/** EKS needs two; three are what production has, and what a new network can have at most. */
const usualZones = 3;

/** Blue's own network where green's nodes can live in it, else a new one beside it that overlaps none of blue's ranges. */
export function drawNetwork(blue: ShapeNetwork, needs: NetworkNeeds): DrawnNetwork {
  const lacking = whyNotBlues(blue, needs);
  if (blue.vpcId !== undefined && lacking === undefined) {
    const ids = (isPublic: boolean) =>
      blue.subnets.flatMap((subnet) => (subnet.public === isPublic && subnet.id ? [subnet.id] : [])).sort();
    const network: DraftNetwork = {
      kind: "found",
      vpcId: blue.vpcId,
      privateSubnetIds: ids(false),
      publicSubnetIds: ids(true),
    };
    return {
      network,
      chosen: [`The network is blue's own, ${blue.vpcId}: what lets blue's range in lets green in too.`],
    };
  }
  const cidr = freeRange(blue.cidrs);
  const zones = threeZones(needs);
  const guessed = zones.filter((zone) => !needs.zones.includes(zone));
  return {
    network: { kind: "new", cidr, zones },
    chosen: [
      `The network is new, ${cidr}, because ${lacking}. Databases and partners that know blue's addresses don't know green's: peer the networks, or open them to it.`,
      ...(guessed.length > 0
        ? [
            `It has subnets in ${guessed.join(", ")} too: EKS needs two zones at least, and production three. Groups stay in blue's zones.`,
          ]
        : []),
    ],
  };
}

function whyNotBlues(blue: ShapeNetwork, { zones, addressZones }: NetworkNeeds): string | undefined {
  if (blue.vpcId === undefined) return "nothing shows blue's VPC";
  const zonesOf = (isPublic: boolean) =>
    new Set(blue.subnets.filter((subnet) => subnet.id && subnet.public === isPublic).map(({ zone }) => zone));
  const hidden = zonesOf(false);
  const open = zonesOf(true);
  if (hidden.size < 2) return `blue's ${blue.vpcId} has private subnets in fewer than two zones`;
  const lacking = zones.filter((zone) => !hidden.has(zone));
  if (lacking.length > 0) return `blue's ${blue.vpcId} has no private subnet in ${lacking.join(", ")}`;
  const closed = addressZones.filter((zone) => !open.has(zone));
  if (closed.length > 0) return `blue's ${blue.vpcId} has no public subnet in ${closed.join(", ")}, for Elastic IPs`;
  return undefined;
}

function threeZones({ region, zones }: NetworkNeeds): string[] {
  const others = ["a", "b", "c"].map((letter) => `${region}${letter}`).filter((zone) => !zones.includes(zone));
  return [...zones, ...others].slice(0, usualZones).sort();
}

/** The first /16 of 10.20, 10.40, … that no range of blue's overlaps. */
function freeRange(taken: readonly string[]): string {
  const candidates = Array.from({ length: 256 }, (_, index) => `10.${(20 + index * 20) % 256}.0.0/16`);
  return candidates.find((candidate) => !taken.some((range) => rangesOverlap(candidate, range))) ?? "172.28.0.0/16";
}
