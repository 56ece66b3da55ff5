import type { DefectId } from "../model/backup.js";
import { UserError } from "../model/errors.js";
import type { Place } from "../model/finding.js";
import { oneLine } from "../model/plain-text.js";

/** What can't be used, and where; gathered, so that a person mends all of it at once. */
export interface Fault {
  place: Place;
  what: string;
  /** Broken, unless it says otherwise. */
  defect?: DefectId;
}

const shown = 20;

export function placeText({ file, line }: Place): string {
  return `${oneLine(file)}:${line}`;
}

/** An archive with faults: the first twenty by file and line. Never has a word of the files themselves, which may hold Secrets. */
export function refused(faults: readonly Fault[]): UserError {
  const said = faults.map(({ place, what }) => `${placeText(place)}: ${oneLine(what)}.`);
  const lines = said.slice(0, shown);
  if (faults.length > shown) lines.push(`And ${faults.length - shown} more.`);
  return new UserError({
    code: "bundle-invalid",
    what: lines.join("\n"),
    fix: "Mend these files, or take what doesn't belong there out of the folder; nothing of it was used.",
    defects: faults.map(({ defect = "unreadable" }, index) => ({ id: defect, what: said[index] ?? "" })),
  });
}
