import { refKey, refOf } from "../../model/objects.js";
import type { Rule } from "./rule.js";

export const veleroRule = "left-to-velero";

/** Leaves claims, by `refKey` as blue names them, to Velero, as the plan says. */
export function leftToVelero(claims: ReadonlySet<string>): Rule[] {
  if (claims.size === 0) return [];
  return [
    {
      id: veleroRule,
      ending: "derived",
      reason:
        "Velero makes it on green together with its volume (clustershift volumes restore), and only where it isn't there yet.",
      kinds: ["PersistentVolumeClaim"],
      applies: (object) => claims.has(refKey(refOf(object))),
    },
  ];
}
