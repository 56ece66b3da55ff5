/** A group of nodes, in the terms in which blue's and green's are compared. */
export interface ComparedGroup {
  zones: string[];
  min: number;
  max: number;
  labels: Record<string, string>;
  /** `key=value:NoSchedule`, sorted. */
  taints: string[];
}

export type ComparedGroups = Record<string, ComparedGroup>;

/** What green calls the labels of blue's nodes: `replay.adaptations.nodeLabels` of the configuration. */
export type NodeLabels = Record<string, { key?: string; values?: Record<string, string> }>;

/** Blue's groups under green's names of labels and groups: what the migration itself makes of selectors. */
export function asOnGreen(blue: ComparedGroups, nodeLabels: NodeLabels): ComparedGroups {
  return Object.fromEntries(
    Object.values(blue).map((group) => {
      const labels = Object.fromEntries(
        Object.entries(group.labels).map(([key, value]) => {
          const { key: ours = key, values = {} } = nodeLabels[key] ?? {};
          return [ours, values[value] ?? value];
        }),
      );
      return [labels["clustershift.io/group"] ?? "", { ...group, labels }];
    }),
  );
}

/** One line for each thing in which they differ. */
export function differences(blue: ComparedGroups, green: ComparedGroups): string[] {
  const names = [...new Set([...Object.keys(blue), ...Object.keys(green)])].sort();
  return names.flatMap((name) => {
    const [one, other] = [blue[name], green[name]];
    if (!one || !other) return [`${name}: only on ${one ? "blue" : "green"}`];
    return (["zones", "min", "max", "labels", "taints"] as const).flatMap((aspect) => {
      const [there, here] = [plain(one[aspect]), plain(other[aspect])];
      return there === here ? [] : [`${name}: ${aspect}: blue has ${there}, green ${here}`];
    });
  });
}

function plain(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort()));
}
