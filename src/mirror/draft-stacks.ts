import type { Admission } from "../model/faces.js";
import type { Shape } from "../model/shape.js";
import { type DraftGroup, drawGroup } from "./draft-group.js";
import { type DraftNetwork, drawNetwork } from "./draft-network.js";

/** What blue's shape can't say: given by options, answered by a person, or absent. */
export interface Wishes {
  /** Green's name: the cluster's, and its stack's. */
  name: string;
  /** Kubernetes version of green, such as 1.35. */
  version: string;
  /** The foundation's name, and that of its stack. */
  foundation: { name: string; stack: string };
  region: string;
  account?: string | undefined;
  /** ARN of who administers green. */
  admin?: string | undefined;
  hostedZones: { name: string; private?: boolean }[];
  /** Where green's ingress shall have an Elastic IP of its own. */
  ingressAddress: boolean;
  /** Blue's group that receives syslog, and from where: without any range its port stays closed. */
  syslog?: { group: string; allowFrom: string[] } | undefined;
  /** A network to use instead of blue's or a new one. */
  network?: DraftNetwork | undefined;
  /** Whether blue has persistent volumes. */
  volumes: boolean;
  given?: GivenToGreen | undefined;
}

/** What lets blue in, and green too by its stack; each as the settings have it. */
export interface GivenToGreen {
  admittedBy: Admission[];
  nodeSecurityGroupIds: string[];
  identities: {
    name: string;
    namespace: string;
    serviceAccount: string;
    policyArns: string[];
    policies: Record<string, unknown>;
  }[];
}

/** Settings of both stacks, before they are checked: what stands below `clustershift:foundation` and `clustershift:cluster`. */
export interface DraftStacks {
  foundation: Record<string, unknown>;
  cluster: Record<string, unknown> & { groups: DraftGroup[] };
  /** Labels of blue's nodes that green's have under another key. */
  renamedLabels: Record<string, string>;
  /** Blue's name of a group -> green's, where they differ. */
  renamedGroups: Record<string, string>;
  /** What was chosen, and why; whole sentences. */
  chosen: string[];
}

/** The project's own name in Pulumi.yaml, under an organization: what a stack is called by another. */
const stacksOf = "organization/clustershift";

/** Green's stacks as blue's shape has them. */
export function draftStacks(blue: Shape, wishes: Wishes): DraftStacks {
  const { region, account, syslog } = wishes;
  const shared = { region, ...(account && { account }) };
  const drawn = drawGroups(blue, wishes);
  const wanted = drawn.map(({ group }) => group);
  const zonesOf = (all: readonly DraftGroup[]) => [...new Set(all.flatMap(({ zones = [] }) => zones))].sort();
  const { network, chosen: whyNetwork } = wishes.network
    ? { network: wishes.network, chosen: [] }
    : drawNetwork(blue.network, {
        region,
        zones: zonesOf(wanted),
        addressZones: zonesOf(wanted.filter(({ subnets }) => subnets === "public")),
      });
  const { groups: placed, chosen: moved } = withinZones(wanted, network.kind === "new" ? network.zones : undefined);
  const { groups, chosen: started } = withOneNode(placed);
  return {
    foundation: {
      name: wishes.foundation.name,
      ...shared,
      network,
      hostedZones: wishes.hostedZones,
      ...(wishes.ingressAddress && { addresses: ["ingress"] }),
    },
    cluster: {
      name: wishes.name,
      version: wishes.version,
      ...shared,
      foundation: `${stacksOf}/${wishes.foundation.stack}`,
      ...(wishes.admin && {
        access: [{ name: "admin", principalArn: wishes.admin, policy: "cluster-admin" }],
      }),
      groups,
      ...(syslog && syslog.allowFrom.length > 0 && { syslog: { ...syslog, group: greenName(drawn, syslog.group) } }),
      ...(wishes.ingressAddress && { addresses: { ingress: "ingress" } }),
      ...Object.fromEntries(Object.entries(wishes.given ?? {}).filter(([, entries]) => entries.length > 0)),
    },
    renamedLabels: Object.assign({}, ...drawn.map(({ renamedLabels }) => renamedLabels)),
    renamedGroups: Object.fromEntries(
      drawn.flatMap(({ of, group }) => (of === group.name ? [] : [[of, group.name] as const])),
    ),
    chosen: [...whyNetwork, ...moved, ...started, ...drawn.flatMap(({ chosen }) => chosen)],
  };
}

/** A new network has three zones at most: groups leave those of blue's zones that it hasn't. */
function withinZones(groups: readonly DraftGroup[], network: readonly string[] | undefined) {
  const chosen: string[] = [];
  const moved = groups.map((group): DraftGroup => {
    const lost = network ? (group.zones ?? []).filter((zone) => !network.includes(zone)) : [];
    if (lost.length === 0) return group;
    chosen.push(`${group.name} is not in ${lost.join(", ")}: the new network has ${network?.join(", ")}.`);
    const { zones = [], ...rest } = group;
    const left = zones.filter((zone) => !lost.includes(zone));
    return left.length > 0 ? { ...rest, zones: left } : rest;
  });
  return { groups: moved, chosen };
}

/** All at 0, as an autoscaler may leave them, would leave coredns nowhere to run: the first that lets it in begins with one node. */
function withOneNode(groups: readonly DraftGroup[]): { groups: DraftGroup[]; chosen: string[] } {
  const open = groups.filter(({ taints = [] }) => taints.every(({ effect }) => effect === "PreferNoSchedule"));
  const [first] = open;
  if (!first || open.some(({ min, desired }) => (desired ?? min) > 0)) return { groups: [...groups], chosen: [] };
  return {
    groups: groups.map((group) => (group === first ? { ...group, desired: 1 } : group)),
    chosen: [`${first.name} begins with one node, since none of blue's groups did: coredns must run somewhere.`],
  };
}

type Drawn = ReturnType<typeof drawGroup> & { of: string };

function drawGroups({ groups }: Shape, { volumes, syslog, region }: Wishes): Drawn[] {
  const drawn: Drawn[] = [];
  for (const blue of groups) {
    const taken = drawn.map(({ group }) => group.name);
    const group = {
      ...blue,
      zones: blue.zones.filter((zone) => zone.startsWith(region)),
      ownsAddresses: blue.ownsAddresses || blue.name === syslog?.group,
    };
    drawn.push({ ...drawGroup(group, taken, volumes), of: blue.name });
  }
  return drawn;
}

function greenName(drawn: readonly Drawn[], blue: string): string {
  return drawn.find(({ of }) => of === blue)?.group.name ?? blue;
}
