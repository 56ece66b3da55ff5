import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseGoMod, writeGoMod } from "./go-module.js";
import { copySource, generateOpenApi, lacksOpenApi } from "./openapi.js";
import type { Recipe } from "./recipe.js";
import { runCommand } from "./run-command.js";

/**
 * Builds one program from Go modules in the module folder `folder` and returns the file. The folder and Go's own build cache
 * stay, so a build that was interrupted goes on where it was. Call it with the unit's lock held.
 */
export async function buildFromModules(
  recipe: Recipe,
  { folder, env, signal }: { folder: string; env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<string> {
  // Nothing of the user's own Go settings may change what is built.
  const go = { signal, env: { ...env, GOFLAGS: "-mod=mod -buildvcs=false", CGO_ENABLED: "0", GOWORK: "off" } };
  await mkdir(folder, { recursive: true });
  const reference = `${recipe.module}@v${recipe.version}`;
  const info = await runCommand("go", ["mod", "download", "-json", reference], { ...go, cwd: folder });
  const { Dir: upstream } = JSON.parse(info) as { Dir: string };
  const generates = recipe.module === "k8s.io/kubernetes" && (await lacksOpenApi(upstream));
  const goMod = parseGoMod(await readFile(join(upstream, "go.mod"), "utf8"));
  const source = generates ? { source: "./src" } : {};
  await writeFile(join(folder, "go.mod"), writeGoMod({ ...recipe, goMod, ...source }));
  await copyFile(join(upstream, "go.sum"), join(folder, "go.sum"));
  // Files of the module cache are read-only, and the copy inherits that.
  await chmod(join(folder, "go.sum"), 0o644);
  if (generates) {
    await copySource(upstream, folder);
    await generateOpenApi(folder, go);
  }
  const output = join(folder, "out", recipe.program);
  const flags = ["-tags", recipe.tags, "-trimpath", "-ldflags", recipe.ldflags];
  await runCommand("go", ["build", ...flags, "-o", output, recipe.package], { ...go, cwd: folder });
  return output;
}
