import { readFileSync } from "node:fs";

/** Whether a process of this host lives, and is the one that started then: its number may be another's by now. */
export function isRunning(pid: number, startTime: string): boolean {
  const now = startTimeOf(pid);
  return now !== undefined && (startTime === "" || now === "" || now === startTime);
}

/**
 * When a process started, in ticks since boot: field 22 of /proc/PID/stat. The empty string where a living process has no
 * such file (other systems than Linux); undefined where none lives. A zombie is dead: it waits only to be counted.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets, and may hold blanks and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    try {
      process.kill(pid, 0);
      return "";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM" ? "" : undefined;
    }
  }
}
