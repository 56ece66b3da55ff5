import type { Remark } from "../../src/model/migration.js";
import { isAbsent } from "./json.js";

/**
 * `rollbackTo` is an order to the controller, which carries it out and takes it away. An API server would show it in apps/v1
 * as an annotation, by which green's controller would roll back: an order that was given to blue isn't repeated.
 */
export function rollbackRemark(rollbackTo: unknown): { remarks?: Remark[] } {
  if (isAbsent(rollbackTo)) return {};
  return {
    remarks: [
      {
        id: "deployment-rollback-dropped",
        severity: "note",
        why: "Its spec.rollbackTo asks for a roll-back that blue's controller hasn't carried out. apps/v1 has no such field.",
        whatToDo:
          "Look whether blue has rolled back by now. If it should still happen, run kubectl rollout undo on green.",
      },
    ],
  };
}
