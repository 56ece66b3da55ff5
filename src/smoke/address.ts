import { isIP } from "node:net";
import type { SmokeContext } from "./context.js";

/** Green's address: one of its outputs by name, or an IP address as it is. Throws where it is neither. */
export function resolveAddress(nameOrIp: string, { addresses }: Pick<SmokeContext, "addresses">): string {
  const named = addresses[nameOrIp];
  if (named !== undefined) return named;
  if (isIP(nameOrIp)) return nameOrIp;
  const known = Object.keys(addresses).join(", ") || "none";
  throw new Error(`green has no address named ${JSON.stringify(nameOrIp)}; it has: ${known}`);
}
