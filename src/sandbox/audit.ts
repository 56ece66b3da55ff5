import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** Requests by verb of one user, or of all whose name begins so: `{ list: 120, get: 14 }`. From an API server's audit log. */
export async function auditedVerbs(auditLog: string, userPrefix: string): Promise<Record<string, number>> {
  const verbs: Record<string, number> = {};
  for await (const line of createInterface({ input: createReadStream(auditLog) })) {
    if (line === "") continue;
    const { verb, user, stage } = JSON.parse(line) as { verb: string; user: { username: string }; stage: string };
    if (stage !== "ResponseComplete" || !user.username.startsWith(userPrefix)) continue;
    verbs[verb] = (verbs[verb] ?? 0) + 1;
  }
  return verbs;
}
