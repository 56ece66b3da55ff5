import type { Dangling } from "../../model/dangling.js";
import type { Finding } from "../../model/finding.js";
import { type ObjectRef, refKey } from "../../model/objects.js";
import type { Assessor } from "../assessment.js";

/** What arrives and names something that green won't have. Where blue has none of it either, nothing gets worse. */
export const danglingReferences: Assessor = ({ decided }) =>
  decided.dangling.map(({ to, because, from }): Finding => {
    const [first] = from;
    const others = from.length > 1 ? ` (and ${from.length - 1} more)` : "";
    const where = first ? `${refKey(first.object)} names it in ${first.field}${others}` : "it is named";
    const shared = { id: "dangling-reference", object: first?.object ?? to, count: from.length };
    if (because.kind === "never-there") {
      return {
        ...shared,
        severity: "note",
        why: `${refKey(to)} is nowhere on blue, and ${where}.`,
        whatToDo: "Nothing gets worse by the move. If it should work on green, make it there.",
      };
    }
    return {
      ...shared,
      severity: "warning",
      why: `${refKey(to)} stays behind (${because.by}), and ${where}.`,
      whatToDo: adviceFor(to, because),
    };
  });

function adviceFor(to: ObjectRef, because: Extract<Dangling["because"], { kind: "left" }>): string {
  if (because.by === "automatic-token") {
    return `No version makes such tokens any more: let the pod use the one that is mounted by itself, or keep it: replay.keep with select {kind: Secret, namespace: ${to.namespace}, name: ${to.name}}.`;
  }
  return "Keep it (replay.keep in clustershift.yaml), make it on green by other means, or leave behind what needs it.";
}
