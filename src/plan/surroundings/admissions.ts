import type { Admission, BlueGroup, Door, Faces, Opening } from "../../model/faces.js";
import { rangesOverlap, uncovered } from "../../model/ranges.js";

/** A rule that lets blue in, or to blue, and not green. */
export interface Lack extends Omit<Admission, "securityGroupId"> {
  door: Door;
  /** What of blue's it names. */
  groups: BlueGroup[];
  ranges: string[];
  prefixLists: string[];
  /** Whether it knows blue by the public addresses that it leaves by. */
  outside: boolean;
  /** What the stack can add: only where rules there may name green's group. */
  admission?: Admission;
}

/** All that lets blue in and not green, each rule once. */
export function lacksOf(faces: Faces): Lack[] {
  return faces.doors.flatMap((door) => {
    const lacks = new Map<string, Lack>();
    for (const opening of door.openings) {
      const named = whatOfBlue(opening, door, faces);
      if (!named || letsGreenIn(door, opening, named.outside, faces)) continue;
      const { direction, protocol, ports } = opening;
      const key = JSON.stringify([direction, protocol, ports, named.outside]);
      const rule = { direction, protocol, ...(ports && { ports }) };
      const before = lacks.get(key) ?? {
        ...rule,
        door,
        groups: [],
        ranges: [],
        prefixLists: [],
        outside: named.outside,
      };
      lacks.set(key, {
        ...before,
        groups: [...before.groups, ...named.groups],
        ranges: [...before.ranges, ...named.ranges],
        prefixLists: [...before.prefixLists, ...named.prefixLists],
        ...(!named.outside && mayNameGreen(door, faces) && { admission: { securityGroupId: door.id, ...rule } }),
      });
    }
    return [...lacks.values()];
  });
}

/** Groups that blue's nodes carry, which aren't blue's, and which green's nodes can carry too. */
export function joinable({ blue, green }: Faces): BlueGroup[] {
  if (green.vpcId === undefined || green.vpcId !== blue.vpcId) return [];
  return blue.groups.filter(({ own, id }) => !own && !green.joins.includes(id));
}

interface Named {
  groups: BlueGroup[];
  ranges: string[];
  prefixLists: string[];
  outside: boolean;
}

function whatOfBlue({ peer }: Opening, { near }: Door, faces: Faces): Named | undefined {
  const { blue, green } = faces;
  if ("group" in peer) {
    const group = blue.groups.find(({ id }) => id === peer.group);
    // Green's nodes carry it, or can: that is told once of the group.
    const carried = group && !group.own && (green.joins.includes(group.id) || joinable(faces).includes(group));
    return group && !carried ? { groups: [group], ranges: [], prefixLists: [], outside: false } : undefined;
  }
  const { ranges, prefixList } = peer;
  const has = (addresses: readonly string[]) =>
    ranges.filter((range) => addresses.some((address) => rangesOverlap(address, range)));
  const inside = near ? has(blue.nodes.flatMap(({ privateIps }) => privateIps)) : [];
  const outside = has(blue.egress.addresses);
  const named = inside.length > 0 ? inside : outside;
  if (named.length === 0) return undefined;
  return { groups: [], ranges: named, prefixLists: prefixList ? [prefixList] : [], outside: inside.length === 0 };
}

/** Whether the same door has another rule, or the stack's settings a rule, by which green comes in as far. */
function letsGreenIn(door: Door, wanted: Opening, outside: boolean, { green }: Faces): boolean {
  const fitting = door.openings.filter((opening) => isAsWide(opening, wanted));
  const groups = fitting.flatMap(({ peer }) => ("group" in peer ? [peer.group] : []));
  const ranges = fitting.flatMap(({ peer }) => ("ranges" in peer ? peer.ranges : []));
  const addresses = outside ? (green.egress?.addresses ?? []) : green.ranges;
  const whole = outside ? (green.egress?.unseen.length ?? 1) === 0 : green.network !== "unknown";
  if (whole && addresses.length > 0 && uncovered(addresses, ranges).length === 0) return true;
  if (outside) return false;
  const settled = green.admittedBy.some((each) => each.securityGroupId === door.id && isAsWide(each, wanted));
  return settled || groups.some((group) => group === green.groupId || green.joins.includes(group));
}

type Rule = Omit<Admission, "securityGroupId">;

function isAsWide(rule: Rule, wanted: Rule): boolean {
  if (rule.direction !== wanted.direction) return false;
  if (rule.protocol === "all") return true;
  if (rule.protocol !== wanted.protocol) return false;
  if (!rule.ports) return true;
  return wanted.ports !== undefined && rule.ports.from <= wanted.ports.from && rule.ports.to >= wanted.ports.to;
}

/** A rule may name a group of its own network, and of one that it has a peering with. */
function mayNameGreen({ kind, vpcId }: Door, { green, peerings }: Faces): boolean {
  if (kind !== "security-group" || green.vpcId === undefined) return false;
  return (
    vpcId === green.vpcId || peerings.some(({ vpcIds }) => vpcIds.includes(vpcId) && vpcIds.includes(green.vpcId ?? ""))
  );
}
