import { isObject, listAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import { notice } from "./adaptation.js";
import { nodeSelectorsOf, requiredTermsOf } from "./node-selection.js";
import { podKinds, podTemplateOf } from "./pod-template.js";

const hostname = "kubernetes.io/hostname";

/** What runs, or stores, on one node of blue by its name. */
export const nodePins = notice({
  id: "node-pins",
  reason: "Workloads and volumes that are bound to nodes by their names are pointed out: green's nodes have others.",
  kinds: [...podKinds, "PersistentVolume"],
  look(object) {
    const nodes = new Set(
      nodeSelectorsOf(object).flatMap((selector) => (hostname in selector ? [`${selector[hostname]}`] : [])),
    );
    // A Pod's own nodeName is the scheduler's choice, and is taken off.
    const placed = object.kind === "Pod" ? undefined : textAt(podTemplateOf(object)?.spec, "nodeName");
    if (placed) nodes.add(placed);
    for (const expression of [...requiredTermsOf(object).flat(), ...fieldsOf(object)]) {
      const key = textAt(expression, "key");
      if ((key === hostname || key === "metadata.name") && isObject(expression) && expression.operator === "In") {
        for (const node of listAt(expression, "values")) nodes.add(`${node}`);
      }
    }
    return nodes.size > 0 ? [remark([...nodes])] : [];
  },
});

/** Affinities may name a node by its field instead of its label. */
function fieldsOf(object: Parameters<typeof podTemplateOf>[0]): unknown[] {
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const terms = listAt(podTemplateOf(object)?.spec, "affinity", "nodeAffinity", required, "nodeSelectorTerms");
  return terms.flatMap((term) => listAt(term, "matchFields"));
}

function remark(nodes: readonly string[]): Remark {
  return {
    id: "node-pinned",
    severity: "warning",
    why: `It is bound to blue's ${nodes.length === 1 ? "node" : "nodes"} ${nodes.join(", ")}, which green hasn't.`,
    whatToDo: "Select nodes by a label of their group instead, or leave it behind under replay.skip.",
  };
}
