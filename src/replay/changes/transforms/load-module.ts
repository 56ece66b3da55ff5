import { isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Transform } from "../../../../schema/transform.js";
import { messageOf, UserError } from "../../../model/errors.js";
import { isObject } from "../../../model/json.js";
import type { LoadedModule } from "./module.js";

/**
 * Loads a team's module, TypeScript or JavaScript, from a path relative to `dir`. `known` are the files that the plan's hash
 * covers, relative to `dir`. Throws `UserError` config-invalid where it doesn't load, has no function, or needs a file that the
 * hash doesn't cover.
 */
export async function loadModule(
  { dir, name, path }: { dir: string; name: string; path: string },
  known: Iterable<string>,
): Promise<LoadedModule> {
  const file = resolve(dir, path);
  const covered = new Set([...known].map((each) => resolve(dir, each)));
  const imported = new Set<string>();
  const { tsImport } = await import("tsx/esm/api");
  let loaded: unknown;
  try {
    loaded = await tsImport(pathToFileURL(file).href, {
      parentURL: import.meta.url,
      // Nobody's tsconfig.json decides what a plan means.
      tsconfig: false,
      onImport: (url) => imported.add(url),
    });
  } catch (error) {
    throw unusable(name, path, `doesn't load: ${firstLines(messageOf(error))}`, error);
  }
  const stranger = [...imported]
    .map(fileOf)
    .find((each) => each !== undefined && !covered.has(each) && !isPackage(each));
  if (stranger !== undefined) {
    throw unusable(name, path, `imports ${shown(dir, stranger)} by a name that can't be followed: write it out`);
  }
  const transform = defaultOf(loaded);
  if (transform === undefined) throw unusable(name, path, "has no function as its default export");
  return { path, file, transform };
}

/** A module that Node takes for CommonJS has its default export one step further in. */
function defaultOf(loaded: unknown): Transform | undefined {
  const found = (loaded as { default?: unknown }).default;
  const transform = isObject(found) ? found.default : found;
  return typeof transform === "function" ? (transform as Transform) : undefined;
}

function fileOf(url: string): string | undefined {
  return url.startsWith("file:") ? fileURLToPath(url.replace(/[?#].*$/, "")) : undefined;
}

function isPackage(file: string): boolean {
  return file.includes(`${sep}node_modules${sep}`);
}

function shown(dir: string, file: string): string {
  const path = relative(dir, file);
  return isAbsolute(path) ? file : path;
}

/** esbuild names a place on its second line; what follows that helps nobody. */
function firstLines(words: string): string {
  return words.split("\n").slice(0, 2).join(" ");
}

function unusable(name: string, path: string, what: string, cause?: unknown): UserError {
  return new UserError({
    code: "config-invalid",
    what: `The transform "${name}": ${path} ${what}.`,
    fix: "docs/transforms.md shows a module; mend it, or take the transform out of clustershift.yaml.",
    cause,
  });
}
