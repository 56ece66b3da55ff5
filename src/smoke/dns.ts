import { type AnyRecord, promises } from "node:dns";
import { type Checker, failed, inconclusive, passed } from "./context.js";

const { Resolver } = promises;

/** A name resolves, to whatever. */
export const dns: Checker<"dns"> = async ({ query, type, server }, { timeoutMs, signal }) => {
  const tries = 2;
  const resolver = new Resolver({ timeout: Math.max(1, Math.floor(timeoutMs / tries)), tries });
  if (server) resolver.setServers([server]);
  const asked = server ?? resolver.getServers().join(", ");
  if (asked === "") return inconclusive("There is no name server to ask.");
  const onAbort = () => resolver.cancel();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const found = textsOf(await resolver.resolve(query, type));
    return found.length > 0
      ? passed(`${query} ${type} is ${found.join(", ")} (asked ${asked}).`)
      : failed(`${query} ${type} has no records (asked ${asked}).`);
  } catch (error) {
    signal?.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return failed(`${query} ${type}: ${meanings[code] ?? code} (asked ${asked}).`);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
};

const meanings: Record<string, string> = {
  ENOTFOUND: "no such name",
  ENODATA: "the name has no record of this type",
  ESERVFAIL: "the name server failed",
  EREFUSED: "the name server refused",
  ECONNREFUSED: "the name server can't be reached",
  ETIMEOUT: "the name server gave no answer in time",
};

function textsOf(answer: unknown): string[] {
  const records = (Array.isArray(answer) ? answer : [answer]) as (string | string[] | AnyRecord)[];
  return records.map((record) =>
    typeof record === "string" ? record : Array.isArray(record) ? record.join("") : JSON.stringify(record),
  );
}
