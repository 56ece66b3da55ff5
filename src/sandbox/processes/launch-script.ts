import { join } from "node:path";
import { assertProcessName, recordSuffix } from "./record.js";

/** While this file is in a folder of records, nothing new starts there. */
export const stoppingMarker = "stopping";

export interface Launch {
  /** The folder of records. */
  dir: string;
  name: string;
  command: string;
  /** Only for the record: the script hands its own arguments on. */
  args: readonly string[];
  at: Date;
}

/**
 * A POSIX shell script that writes its own record and then becomes the program, keeping pid and start time. Because the
 * process records itself, there is no moment in which it runs unrecorded, whoever of its parents is killed.
 *
 * First the record, then the look for the marker: stopAll does the reverse (marker, then records), so one of the two always
 * sees the other. Where the folder is gone already, writing the record fails, and nothing starts.
 */
export function launchScript({ dir, name, command, args, at }: Launch): string {
  assertProcessName(name);
  const head = JSON.stringify({ name, command: [command, ...args], at: at.toISOString() }).slice(0, -1);
  const file = quote(join(dir, `${name}${recordSuffix}`));
  return [
    "set -e",
    // Field 22 of /proc/PID/stat is the 20th after the name in parentheses.
    `if [ -r /proc/$$/stat ]; then stat=$(cat /proc/$$/stat); start=$(set -- \${stat##*) }; shift 19; echo "$1")`,
    "else start=$(ps -o lstart= -p $$ | sed 's/ *$//'); fi",
    `printf '%s,"pid":%s,"startTime":"%s"}\\n' ${quote(head)} $$ "$start" >${file}.$$`,
    `mv ${file}.$$ ${file}`,
    `if [ -e ${quote(join(dir, stoppingMarker))} ]; then rm -f ${file}; exit 75; fi`,
    `exec ${quote(command)} "$@"`,
    "",
  ].join("\n");
}

/** A word for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
