import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type CommandOptions, runCommand } from "./run-command.js";

const generated = "pkg/generated/openapi/zz_generated.openapi.go";

/** The published modules that hold types which the API server's OpenAPI document describes. */
const typeModules = [
  "api",
  "apimachinery",
  "apiextensions-apiserver",
  "apiserver",
  "kube-aggregator",
  "component-base",
  "kube-controller-manager",
  "kube-proxy",
  "kube-scheduler",
  "kubelet",
  "cloud-provider",
  "controller-manager",
  "metrics",
  "client-go",
];

/** Up to 1.23 the file is not in the published module, and the server doesn't compile without it. */
export async function lacksOpenApi(moduleFolder: string): Promise<boolean> {
  return !(await exists(join(moduleFolder, generated)));
}

/**
 * Copies Kubernetes' own module into `folder`/src, where the generated file can be put (Go's module cache is read-only, and
 * a build overlay can't reach into it). A copy that was cut off is made again.
 */
export async function copySource(moduleFolder: string, folder: string): Promise<void> {
  const target = join(folder, "src");
  if (await exists(target)) return;
  const temporary = `${target}.partial`;
  await rm(temporary, { recursive: true, force: true });
  await cp(moduleFolder, temporary, { recursive: true });
  await runCommand("chmod", ["-R", "u+w", temporary]);
  await rename(temporary, target);
}

/**
 * Generates the OpenAPI definitions with the generator of the version that this release pins. `folder` holds the build's go.mod
 * and the copy of the source; goes on where it was interrupted.
 */
export async function generateOpenApi(folder: string, go: CommandOptions): Promise<void> {
  if (!(await lacksOpenApi(join(folder, "src")))) return;
  const run = (args: string[]) => runCommand("go", args, { ...go, cwd: folder });
  // An import of the server is what makes its dependencies, the generator among them, part of this module's graph.
  const imports = '//go:build tools\n\npackage tools\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver/app"\n';
  await writeFile(join(folder, "tools.go"), imports);
  await writeFile(join(folder, "header.txt"), "");
  const packages = new Set<string>();
  for (const name of typeModules) {
    // Not every release has every module. Those it has must be on disk before the search for tags: the server of a build that
    // lacks some ends with 'cannot find model definition'.
    const info = await run(["mod", "download", "-json", `k8s.io/${name}`]).catch(() => "{}");
    const found = (JSON.parse(info) as { Dir?: string }).Dir;
    if (!found) continue;
    for (const path of await taggedPackages(found, /\+k8s:openapi-gen=(true|package)/)) {
      packages.add(join(`k8s.io/${name}`, path));
    }
  }
  for (const path of await taggedPackages(join(folder, "src", "pkg"), /^\/\/ *\+k8s:openapi-gen=/m)) {
    packages.add(join("k8s.io/kubernetes/pkg", path));
  }
  const output = "k8s.io/kubernetes/pkg/generated/openapi";
  await run([
    ...["run", "k8s.io/kube-openapi/cmd/openapi-gen"],
    ...["--input-dirs", [...packages].sort().join(",")],
    ...["-O", "zz_generated.openapi", "--output-package", output, "--output-base", "gen"],
    ...["-h", "header.txt", "-r", "violations.txt"],
  ]);
  await mkdir(join(folder, "src", "pkg/generated/openapi"), { recursive: true });
  await rename(join(folder, "gen", output, "zz_generated.openapi.go"), join(folder, "src", generated));
}

/** The folders below `root`, as relative paths, that hold a Go file with this tag. */
export async function taggedPackages(root: string, tag: RegExp): Promise<string[]> {
  const folders = new Set<string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name));
    if (!entry.isFile() || !path.endsWith(".go") || path.endsWith("_test.go")) continue;
    const parts = path.split(sep);
    if (parts.includes("vendor") || parts.includes("generated") || path.includes("code-generator")) continue;
    if (tag.test(await readFile(join(root, path), "utf8"))) folders.add(parts.slice(0, -1).join("/"));
  }
  return [...folders].sort();
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
