import type { DefectId } from "../model/backup.js";
import { UserError } from "../model/errors.js";
import { oneLine } from "../model/plain-text.js";

/** A backup that can't be trusted; `where` is one of its entries, or the file as a whole. */
export function refused(where: string, what: string, cause?: unknown, defect: DefectId = "altered"): UserError {
  const said = `${short(where)}: ${short(what)}`;
  return new UserError({
    code: "bundle-invalid",
    what: said,
    fix: "Take the backup from the object store again, or take an older one; `velero backup logs` says how it was made.",
    cause,
    defects: [{ id: defect, what: said }],
  });
}

/** Names in a hostile archive are as long as it likes. */
function short(text: string): string {
  const line = oneLine(text);
  return line.length > 400 ? `${line.slice(0, 200)}…${line.slice(-200)}` : line;
}
