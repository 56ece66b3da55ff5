import { isIP } from "node:net";
import { z } from "zod";
import { parseDuration } from "../model/duration.js";

/** A duration between two others, as a text. */
export function duration(least: string, most: string) {
  const [from = 0, to = 0] = [parseDuration(least), parseDuration(most)];
  return z
    .string()
    .superRefine((value, context) => {
      const ms = parseDuration(value);
      const message =
        ms === undefined
          ? 'is no duration: write for example "90s", "15m" or "1h30m"'
          : ms < from || ms > to
            ? `must be from ${least} to ${most}`
            : undefined;
      if (message) context.addIssue({ code: "custom", message });
    })
    .meta({ description: "A duration: 500ms, 90s, 15m, 1h30m, 2d.", examples: ["15m"] });
}

/** Refines a list: no two of its entries may share a name. Each entry says its names. */
export function unique<Entry>(namesOf: (entry: Entry) => string[]) {
  return (entries: Entry[], context: z.RefinementCtx<Entry[]>): void => {
    const seen = new Map<string, number>();
    for (const [index, entry] of entries.entries()) {
      for (const name of namesOf(entry)) {
        const first = seen.get(name);
        if (first === undefined) seen.set(name, index);
        else {
          const where = first === index ? "the same entry" : `entry [${first}]`;
          context.addIssue({ code: "custom", path: [index], message: `names "${name}", as ${where} does already` });
        }
      }
    }
  };
}

/** A record's name as zones compare them: in lower case, without the final dot. */
export function recordName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** The first of a record's values that Route 53 would refuse for its type, in the middle of a cutover. */
export function wrongValue(
  type: "A" | "AAAA" | "CNAME",
  values: readonly string[],
): { index: number; message: string } | undefined {
  if (type === "CNAME")
    return values.length > 1 ? { index: 1, message: "is one too many: a CNAME has one value" } : undefined;
  const version = type === "A" ? 4 : 6;
  const index = values.findIndex((value) => isIP(value) !== version);
  const example = type === "A" ? "192.0.2.10" : "2001:db8::10";
  return index < 0 ? undefined : { index, message: `is no IPv${version} address: write for example "${example}"` };
}

/** An IP address, with or without a port: `10.0.0.2`, `10.0.0.2:53`, `[2001:db8::1]:53`. */
export function isServer(text: string): boolean {
  const [, bracketed, plain, port = "53"] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return isIP(bracketed ?? plain ?? text) !== 0 && Number(port) >= 1 && Number(port) <= 65535;
}
