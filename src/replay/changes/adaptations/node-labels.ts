import { isObject, listAt, objectAt, textAt } from "../../../model/json.js";
import type { JsonObject, KubeObject } from "../../../model/objects.js";
import type { Change } from "../change.js";
import { adaptation } from "./adaptation.js";
import { nodeSelectorsOf, nodeTermsOf, selectingKinds } from "./node-selection.js";
import { podTemplateOf } from "./pod-template.js";

/** What a label of blue's nodes is on green's: another key, other values, or both. */
export interface NodeLabelMapping {
  key?: string | undefined;
  /** Value on blue -> value on green; others stay as they are. */
  values?: Record<string, string> | undefined;
}

/**
 * Labels that old versions put on nodes, and what they are called now. Each has the same values under both names since 1.17
 * (https://kubernetes.io/docs/reference/labels-annotations-taints/).
 */
const renamed: Readonly<Record<string, NodeLabelMapping>> = {
  "failure-domain.beta.kubernetes.io/zone": { key: "topology.kubernetes.io/zone" },
  "failure-domain.beta.kubernetes.io/region": { key: "topology.kubernetes.io/region" },
  "beta.kubernetes.io/arch": { key: "kubernetes.io/arch" },
  "beta.kubernetes.io/os": { key: "kubernetes.io/os" },
  "beta.kubernetes.io/instance-type": { key: "node.kubernetes.io/instance-type" },
  "node-role.kubernetes.io/master": { key: "node-role.kubernetes.io/control-plane" },
};

/** Labels of nodes under the names that they have now; `replay.adaptations.nodeLabels` says what else green calls otherwise. */
export function nodeLabels(configured: Readonly<Record<string, NodeLabelMapping>>): Change {
  const mapping = { ...renamed, ...configured };
  return adaptation({
    id: "node-labels",
    reason:
      "Selectors, affinities, spreads and topologies name labels of nodes as old versions did, or as `replay.adaptations.nodeLabels` says of blue's own.",
    kinds: selectingKinds,
    adapt(copy) {
      for (const selector of nodeSelectorsOf(copy)) mapSelector(selector, mapping);
      for (const expression of nodeTermsOf(copy).flat()) mapExpression(expression, mapping);
      for (const term of listAt(copy, "allowedTopologies")) {
        for (const expression of listAt(term, "matchLabelExpressions")) mapExpression(expression, mapping);
      }
      mapTopologies(copy, mapping);
      return undefined;
    },
  });
}

type Mapping = Readonly<Record<string, NodeLabelMapping>>;

function mapSelector(selector: JsonObject, mapping: Mapping): void {
  for (const [label, value] of Object.entries(selector)) {
    const to = mapping[label];
    if (!to || typeof value !== "string") continue;
    const key = to.key ?? label;
    const mapped = to.values?.[value] ?? value;
    // Both names with two values select nothing: what says so on blue says so on green.
    if (key !== label && key in selector && selector[key] !== mapped) continue;
    delete selector[label];
    selector[key] = mapped;
  }
}

function mapExpression(expression: unknown, mapping: Mapping): void {
  const to = mapping[textAt(expression, "key") ?? ""];
  if (!to || !isObject(expression)) return;
  if (to.key !== undefined) expression.key = to.key;
  const { values } = expression;
  if (Array.isArray(values)) expression.values = values.map((value: string) => to.values?.[value] ?? value);
}

/** `topologyKey` of pod affinities and of spreads. */
function mapTopologies(object: KubeObject, mapping: Mapping): void {
  const { spec = {} } = podTemplateOf(object) ?? {};
  const rename = (holder: JsonObject): void => {
    const key = mapping[textAt(holder, "topologyKey") ?? ""]?.key;
    if (key !== undefined) holder.topologyKey = key;
  };
  for (const sort of ["podAffinity", "podAntiAffinity"]) {
    const affinity = objectAt(spec, "affinity", sort);
    for (const term of listAt(affinity, "requiredDuringSchedulingIgnoredDuringExecution")) {
      if (isObject(term)) rename(term);
    }
    for (const preferred of listAt(affinity, "preferredDuringSchedulingIgnoredDuringExecution")) {
      rename(objectAt(preferred, "podAffinityTerm"));
    }
  }
  const spreads = listAt(spec, "topologySpreadConstraints").filter(isObject);
  const identity = ({ topologyKey, whenUnsatisfiable }: JsonObject) => `${topologyKey} ${whenUnsatisfiable}`;
  for (const spread of spreads) {
    const renamed = { ...spread };
    rename(renamed);
    // The API refuses two for the same key and manner; then the old one goes on selecting what it selected.
    if (!spreads.some((other) => other !== spread && identity(other) === identity(renamed))) rename(spread);
  }
}
