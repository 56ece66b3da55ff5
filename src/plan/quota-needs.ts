/** A group of green's nodes, as far as quotas ask. */
export interface QuotaGroup {
  /** The first is taken for all. */
  instanceTypes: readonly string[];
  capacity: "on-demand" | "spot";
  max: number;
  /** How many EKS node groups it is made of. */
  parts: number;
}

/** Whether the quota of the standard families counts it: A, C, D, H, I, M, R, T and Z. */
export function isStandard(instanceType: string): boolean {
  return /^(a|c|d|h|i|im|is|m|r|t|z)\d/.test(instanceType);
}

export interface Needs {
  onDemandVcpus: number;
  spotVcpus: number;
  nodeGroups: number;
  /** Nodes of the biggest node group. */
  biggestGroup: number;
  /** Instance types whose vCPUs nobody knows. */
  unknownTypes: string[];
}

/** What green takes of the quotas when it has grown as far as its groups let it. */
export function quotaNeeds(groups: readonly QuotaGroup[], vcpus: ReadonlyMap<string, number>): Needs {
  const sum = (capacity: QuotaGroup["capacity"]): number =>
    groups
      .filter((group) => group.capacity === capacity && isStandard(group.instanceTypes[0] ?? ""))
      .reduce((total, { instanceTypes: [type = ""], max }) => total + max * (vcpus.get(type) ?? 0), 0);
  return {
    onDemandVcpus: sum("on-demand"),
    spotVcpus: sum("spot"),
    nodeGroups: groups.reduce((total, { parts }) => total + parts, 0),
    biggestGroup: Math.max(0, ...groups.map(({ max, parts }) => Math.ceil(max / parts))),
    unknownTypes: groups.flatMap(({ instanceTypes: [type = ""] }) => (vcpus.has(type) ? [] : [type])),
  };
}
