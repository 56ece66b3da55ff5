import { listAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { JsonObject, KubeObject } from "../../../model/objects.js";
import type { Change } from "../change.js";
import { notice } from "./adaptation.js";
import { nodeSelectorsOf, requiredTermsOf } from "./node-selection.js";
import { podKinds } from "./pod-template.js";

/** Labels that green's node groups will carry, each with its values; `any` where green decides them by itself. */
export type NodeLabels = Readonly<Record<string, readonly string[] | "any">>;

/** What every node has, or its cloud's, whatever its group. A node's own name is `node-pins`' matter. */
const everyNodeHas =
  /^((beta\.)?kubernetes\.io\/(arch|os)|kubernetes\.io\/hostname|(topology|failure-domain\.beta)\.kubernetes\.io\/(zone|region)|(node|beta)\.kubernetes\.io\/instance-type|topology\.ebs\.csi\.aws\.com\/zone|topology\.k8s\.aws\/.*|k8s\.io\/cloud-provider-aws)$/;

/** Demands of nodes that none of green's groups meets: its pods would stay Pending. Nothing, where green's groups aren't known. */
export function greenNodeLabels(green: NodeLabels | undefined): Change {
  return notice({
    id: "green-node-labels",
    reason:
      "Pods that demand labels of nodes which no group of green's carries are pointed out: they would stay Pending.",
    kinds: [...podKinds, "RuntimeClass.node.k8s.io"],
    look: (object) => (green ? [...new Set(unmet(object, green))].map(remark) : []),
  });
}

function unmet(object: KubeObject, green: NodeLabels): string[] {
  const has = (key: string, values?: readonly string[]): boolean => {
    if (everyNodeHas.test(key)) return true;
    const known = green[key];
    return known !== undefined && (known === "any" || !values || values.some((value) => known.includes(value)));
  };
  const selected = nodeSelectorsOf(object)
    .flatMap((selector) => Object.entries(selector))
    .filter(([key, value]) => !has(key, [`${value}`]))
    .map(([key, value]) => (value === "" ? key : `${key}=${value}`));
  // One of the terms has to hold: only where each demands something that is missing nothing can.
  const terms = requiredTermsOf(object).map((term) => term.filter((expression) => !holds(expression, has)));
  const hopeless = terms.length > 0 && terms.every((missing) => missing.length > 0);
  return [...selected, ...(hopeless ? terms.flatMap((missing) => missing.map(describe)) : [])];
}

function holds(expression: JsonObject, has: (key: string, values?: readonly string[]) => boolean): boolean {
  const key = textAt(expression, "key") ?? "";
  if (expression.operator === "In") return has(key, listAt(expression, "values").map(String));
  // NotIn and DoesNotExist hold of nodes without the label; Gt and Lt need it, whatever its value.
  return expression.operator === "NotIn" || expression.operator === "DoesNotExist" || has(key);
}

function describe(expression: JsonObject): string {
  const values = listAt(expression, "values").join(" or ");
  return values === "" ? `${expression.key}` : `${expression.key}=${values}`;
}

function remark(label: string): Remark {
  return {
    id: "node-label-missing",
    severity: "warning",
    why: `It runs only on nodes labelled ${label}, which no node group in green.stack.settings is.`,
    whatToDo: "Give a group this label, or say under replay.adaptations.nodeLabels what it is called on green.",
  };
}
