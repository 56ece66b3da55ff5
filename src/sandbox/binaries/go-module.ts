/** One `replace` line of a go.mod. */
export interface Replace {
  path: string;
  version?: string;
  target: string;
  /** Absent where the target is a folder. */
  targetVersion?: string;
}

/** The parts of a go.mod that matter when its module becomes a dependency of ours. */
export interface GoMod {
  go?: string;
  replaces: Replace[];
}

export function parseGoMod(text: string): GoMod {
  const mod: GoMod = { replaces: [] };
  let inReplace = false;
  for (const raw of text.split("\n")) {
    const line = raw.replace(/\/\/.*$/, "").trim();
    const go = /^go\s+(\S+)$/.exec(line)?.[1];
    if (go) mod.go = go;
    if (line === ")") inReplace = false;
    if (/^replace\s*\($/.test(line)) inReplace = true;
    else if (inReplace || line.startsWith("replace ")) {
      const replace = parseReplace(line.replace(/^replace\s+/, ""));
      if (replace) mod.replaces.push(replace);
    }
  }
  return mod;
}

function parseReplace(line: string): Replace | undefined {
  const [left, right] = line.split("=>").map((side) => side.trim().split(/\s+/));
  if (!left?.[0] || !right?.[0]) return undefined;
  return {
    path: left[0],
    target: right[0],
    ...(left[1] ? { version: left[1] } : {}),
    ...(right[1] ? { targetVersion: right[1] } : {}),
  };
}

/**
 * The go.mod of a small module of ours whose only requirement is the module to build. A module's `replace` lines apply only
 * where it is the main module (and `go install module@version` refuses modules that have any), so they are copied here:
 *
 * - those that point at another module, as they are;
 * - Kubernetes' staging folders, to the module that is published from the folder: v1.Y.Z is v0.Y.Z there;
 * - other folders (etcd's ../api, Pulumi's ../sdk) fall away: the requirement names the published version.
 */
export function writeGoMod(upstream: { module: string; version: string; goMod: GoMod; source?: string }): string {
  const { module, version, goMod, source } = upstream;
  const lines = goMod.replaces.flatMap((replace) => copied(replace, version));
  if (source) lines.push(`${module} => ${source}`);
  return [
    "module clustershift.local/build",
    `go ${goMod.go ?? "1.16"}`,
    `require ${module} v${version}`,
    ...(lines.length > 0 ? ["replace (", ...lines.map((line) => `\t${line}`), ")"] : []),
    "",
  ].join("\n");
}

/** Versions that a release pinned, and with which today's Go makes programs that crash or can't be built: the next that works. */
const mended: Readonly<Record<string, string>> = {
  // The host of vbom.ml is gone; the code lives on elsewhere.
  "vbom.ml/util": "github.com/fvbommel/util v0.0.0-20180919145318-efcd4e0f9787",
  // It knows the inside of Go's maps, which changed with Go 1.18: a server answers some requests, and then faults.
  "github.com/modern-go/reflect2 v1.0.1": "github.com/modern-go/reflect2 v1.0.2",
};

function copied({ path, version, target, targetVersion }: Replace, kubernetes: string): string[] {
  const mend = mended[path] ?? mended[`${target} ${targetVersion}`];
  if (mend) return [`${path} => ${mend}`];
  const staged = target.startsWith("./staging/src/");
  if (staged) return [`${path} => ${path} v${kubernetes.replace(/^1\./, "0.")}`];
  if (!targetVersion) return [];
  return [`${path}${version ? ` ${version}` : ""} => ${target} ${targetVersion}`];
}
