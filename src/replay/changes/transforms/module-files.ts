import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { sha256 } from "../../../model/canonical.js";

/** A text that begins with a dot and a slash: an import, or a file that a module reads. */
const relativePath = /(["'`])(\.{1,2}\/[^"'`\n\\$]+)\1/g;

/** What else the file of an import may be called: TypeScript is imported by the name that it will have. */
function candidates(path: string): string[] {
  const [stem, extension] = [path.replace(/\.[mc]?js$/, ""), /\.([mc]?)js$/.exec(path)];
  const source = extension ? [`${stem}.${extension[1]}ts`, `${stem}.tsx`] : [];
  const bare = ["ts", "mts", "js", "mjs", "json"].map((each) => `${path}.${each}`);
  return [path, ...source, ...bare, `${path}/index.ts`, `${path}/index.js`];
}

/**
 * sha256 of each file that modules are made of, by its path relative to `dir`: the modules, and whatever they name by a
 * relative path, which is what they import and more. null for a module that can't be read. Packages are not among them.
 */
export async function moduleFiles(dir: string, modules: readonly string[]): Promise<Record<string, string | null>> {
  const found = new Map<string, string | null>();
  const visit = async (file: string): Promise<boolean> => {
    if (found.has(file)) return true;
    // Whatever the reason: loading the module says it. Here a missing file is one that isn't what was planned.
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return false;
    found.set(file, sha256(text));
    for (const [, , path = ""] of text.matchAll(relativePath)) {
      for (const candidate of candidates(resolve(dirname(file), path))) {
        if (await visit(candidate)) break;
      }
    }
    return true;
  };
  for (const module of modules) {
    const file = resolve(dir, module);
    if (!(await visit(file))) found.set(file, null);
  }
  return Object.fromEntries([...found].map(([file, hash]) => [relative(dir, file), hash]));
}
