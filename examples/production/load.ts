import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "../../src/model/objects.js";
import { generated } from "./generate.js";

const FIRST_FILE = "00-namespaces.yaml";

/**
 * The workload of the sandbox's blue cluster, in the order in which it can be applied: the YAML files of `dir` by their
 * names, then what `generate.ts` makes.
 *
 * Left to whoever applies it: `ownerReferences[].uid` is `""` (owners come first), TLS Secrets marked
 * `sandbox.clustershift.dev/generate: tls` need a certificate, and `status` goes to the status subresource.
 *
 * @param dir folder of the YAML files; by default the one that belongs to this package
 * @throws Error naming the file and the place if a file isn't valid YAML or holds something else than objects
 */
export function loadProduction(dir: string = productionFolder()): KubeObject[] {
  const files = readdirSync(dir)
    .filter((file) => file.endsWith(".yaml"))
    .sort();
  return [...files.flatMap((file) => readObjects(join(dir, file))), ...generated()];
}

/** Beside this module in a checkout; in a package, where this module is compiled below dist/, at the package's root. */
function productionFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  if (existsSync(join(here, FIRST_FILE))) return here;
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "examples", "production");
    if (existsSync(join(candidate, FIRST_FILE))) return candidate;
  }
  throw new Error(`no examples/production with ${FIRST_FILE} beside or above ${here}; reinstall the package`);
}

function readObjects(file: string): KubeObject[] {
  return parseAllDocuments(readFileSync(file, "utf8")).map((document, index) => {
    const [problem] = document.errors;
    if (problem) throw new Error(`${file}: document ${index + 1}: ${problem.message}`);
    const object: unknown = document.toJS();
    if (!isKubeObject(object)) throw new Error(`${file}: document ${index + 1}: no apiVersion, kind or metadata.name`);
    return object;
  });
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== "object" || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<KubeObject>;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata?.name === "string";
}
