import { parseKubeVersion } from "../../model/kube-version.js";
import type { PlannedVolume } from "../../model/volumes.js";
import type { Change } from "../../replay/changes/change.js";
import { adaptationsWith, type NodeLabels } from "../../replay/changes/index.js";
import type { Project } from "./project.js";

/** What every new cluster needs changed, by what the configuration says of it and of the two clusters. */
export function configuredAdaptations(config: Project["config"], volumes?: readonly PlannedVolume[]): Change[] {
  const greenVersion = parseKubeVersion(config.green.version);
  const greenNodeLabels = nodeLabelsOf(config.green.stack);
  return adaptationsWith({
    ...config.replay.adaptations,
    blueName: config.blue.name,
    greenKind: config.green.stack.kind,
    volumes,
    ...(greenVersion && { greenVersion }),
    ...(greenNodeLabels && { greenNodeLabels }),
  });
}

/** Labels of the node groups that an EKS stack makes; the sandbox's nodes carry what blue's do. */
function nodeLabelsOf(stack: Project["config"]["green"]["stack"]): NodeLabels | undefined {
  if (stack.kind !== "eks" || !Array.isArray(stack.settings.groups)) return undefined;
  const labels: Record<string, string[]> = {};
  for (const group of stack.settings.groups as { name?: unknown; labels?: Record<string, unknown> }[]) {
    const carried = { ...group?.labels, "clustershift.io/group": group?.name };
    for (const [key, value] of Object.entries(carried)) labels[key] = [...(labels[key] ?? []), `${value}`];
  }
  return { ...labels, "eks.amazonaws.com/nodegroup": "any", "eks.amazonaws.com/capacityType": "any" };
}
