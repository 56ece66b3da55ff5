import type { ProcessIdentity } from "../../host/process-identity.js";

/** What we know of a process that we started; one JSON file each, `<name>.json`. */
export interface ProcessRecord extends ProcessIdentity {
  /** Unique in its folder, and a file's name: lower-case letters, digits, dots and dashes. */
  name: string;
  command: string[];
  /** When it was started, in ISO 8601. */
  at: string;
}

export const recordSuffix = ".json";

export function assertProcessName(name: string): void {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new Error(`${JSON.stringify(name)} can't name a process`);
}

/** Undefined where the text isn't a whole record. */
export function parseRecord(text: string): ProcessRecord | undefined {
  let value: Partial<ProcessRecord> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { name, pid, startTime, command, at } = value;
  // A pid below 2 would signal init, or every process.
  if (!Number.isSafeInteger(pid) || (pid ?? 0) < 2 || typeof startTime !== "string" || typeof name !== "string") {
    return undefined;
  }
  return { name, pid: pid as number, startTime, command: command ?? [], at: at ?? "" };
}
