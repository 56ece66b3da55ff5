import type { DefectId } from "../model/backup.js";
import { UserError } from "../model/errors.js";

/** A bundle that can't be trusted; `where` is a file, with its line where one is known. */
export function damaged(where: string, what: string, defect: DefectId, cause?: unknown): UserError {
  const said = `${where}: ${what}`;
  return new UserError({
    code: "bundle-invalid",
    what: said,
    fix: "Restore the bundle from a copy, or make a new one: clustershift export",
    cause,
    defects: [{ id: defect, what: said }],
  });
}
