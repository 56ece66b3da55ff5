import { fileURLToPath } from "node:url";

/** `.ts` when run from source, `.js` when built. */
const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** A command line that runs one of our own modules in a process of its own, from source as when built. */
export function nodeCommand(
  relativePath: string,
  base: string,
  ...args: string[]
): { command: string; args: string[] } {
  const loader = extension === ".ts" ? ["--import", import.meta.resolve("tsx")] : [];
  const file = fileURLToPath(new URL(`${relativePath}${extension}`, base));
  return { command: process.execPath, args: [...loader, file, ...args] };
}
