import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's own folder: from the sources and from dist alike. */
export const packageDir = findPackage(dirname(fileURLToPath(import.meta.url)));

export const version = (JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8")) as { version: string })
  .version;

function findPackage(dir: string): string {
  return existsSync(join(dir, "package.json")) ? dir : findPackage(dirname(dir));
}
