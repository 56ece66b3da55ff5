import { migrations } from "../../../migrations/index.js";
import { archiveOf } from "../../manifests/archive.js";
import { guessVersion } from "../../manifests/traces.js";
import { messageOf, UserError } from "../../model/errors.js";
import type { Finding } from "../../model/finding.js";
import { formatMinor, type KubeVersion, parseKubeVersion } from "../../model/kube-version.js";
import { type ApiResource, type KubeObject, kindKey, refKey } from "../../model/objects.js";
import { oneLine } from "../../model/plain-text.js";
import { type Checked, check } from "../../plan/check.js";
import { predictResources } from "../../plan/predict.js";
import { topologyOf } from "../../plan/topology.js";
import { planReplay, type ReplaySource } from "../../replay/replay.js";
import { standard } from "../../replay/standard.js";
import type { Answer, Context } from "./command.js";
import { distributionOf } from "./distribution.js";
import { leftOutText, readManifests } from "./folder-source.js";
import { kindOfArchive, openArchive } from "./open-archive.js";
import { releasesAmong } from "./releases.js";

export type FailOn = "blocker" | "warning";

/** All objects of an archive, as they stand there. */
interface Read {
  objects: Checked[];
  warnings: string[];
  findings: Finding[];
  version?: { version: string; because: string };
}

/** Assesses files by themselves, for a pull request: no configuration, no cluster, and nothing is written. */
export async function checkArchive(
  { path, to: wanted, fromVersion, failOn }: { path: string; to: string; fromVersion?: string; failOn: FailOn },
  context: Context,
): Promise<Answer> {
  const to = versionFrom("--to", wanted);
  const read = await readAll(path, context);
  const stated = fromVersion === undefined ? undefined : { version: fromVersion, because: "is stated" };
  const found = stated ?? read.version;
  const from = found && versionFrom("--from-version", found.version);
  const objects = read.objects.map(({ object }) => object);
  const nodes = objects.filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Node");
  const findings = check({
    to,
    ...(from && { from }),
    distribution: distributionOf(topologyOf(nodes)),
    objects: read.objects,
    releases: releasesAmong(objects),
    remarks: [...read.findings, ...(await remarksOf(read.objects, to))],
  });
  for (const warning of read.warnings) context.progress.warn(warning);
  const failed = findings.some(
    ({ severity }) => severity === "blocker" || (failOn === "warning" && severity === "warning"),
  );
  return {
    code: failed ? "findings-blocker" : "ok",
    json: {
      from: { path, ...(found && { version: found.version, versionBy: found.because }) },
      to: wanted,
      objects: objects.length,
      findings,
      warnings: read.warnings,
    },
    text: textOf(path, findings, objects.length, to, found),
  };
}

function versionFrom(option: string, text: string): KubeVersion {
  const version = parseKubeVersion(text);
  if (version) return version;
  throw new UserError({
    code: "usage",
    what: `${option} ${text} is no version.`,
    fix: `Write for example ${option} 1.35`,
  });
}

/** Of a folder every object counts, also those that contradict each other: overlays for several clusters may be in it. */
async function readAll(path: string, context: Context): Promise<Read> {
  if ((await kindOfArchive(path, context)) === "folder") {
    const { objects, leftOut } = await readManifests(path, context);
    const version = guessVersion(objects.map(({ object }) => object));
    return {
      objects: objects.map(({ object, place }) => ({ object, at: place })),
      warnings: leftOutText(leftOut).map((text) => `${path}: ${text}`),
      findings: [],
      ...(version && { version }),
    };
  }
  // A version that only the options could state isn't asked for here.
  const archive = await openArchive(path, { fromVersion: "unknown" }, context);
  try {
    const warnings = [...archive.warnings];
    const objects: Checked[] = [];
    const seen = new Set<string>();
    for (const resource of (await archive.discover()).resources) {
      // A backup may have a kind in several versions; the first is the one that its cluster preferred.
      if (seen.has(kindKey(resource))) continue;
      seen.add(kindKey(resource));
      try {
        for await (const { items } of archive.pages(resource)) objects.push(...items.map((object) => ({ object })));
      } catch (error) {
        if (kindKey(resource) !== "Secret") throw error;
        warnings.push(`${path}: the Secrets can't be read, nor the Helm releases in them: ${messageOf(error)}`);
      }
    }
    const { findings = [] } = archive;
    return { objects, warnings, findings, ...(archive.found && { version: archive.found }) };
  } finally {
    await archive.close();
  }
}

/** What migrations, rules and changes would say of the objects on their way to green. */
async function remarksOf(checked: readonly Checked[], to: KubeVersion): Promise<Finding[]> {
  const placed = checked.map(({ object, at }) => ({ object, place: at ?? { file: "", line: 0 } }));
  const archive = archiveOf({ objects: placed }, migrations, { lenient: true });
  const kinds = new Map<string, { resource: ApiResource; count: number }>();
  for (const resource of archive.resources)
    if (!kinds.has(kindKey(resource)))
      kinds.set(kindKey(resource), { resource, count: archive.objects(resource).length });
  const source: ReplaySource = {
    kinds: [...kinds.values()],
    async *objects(resource): AsyncGenerator<KubeObject> {
      yield* archive.objects(resource);
    },
  };
  const { prepared } = await planReplay(source, standard, predictResources(archive.resources, to));
  return prepared.findings;
}

function textOf(
  path: string,
  findings: readonly Finding[],
  objects: number,
  to: KubeVersion,
  from: Read["version"],
): string {
  const count = (severity: Finding["severity"]) => findings.filter((each) => each.severity === severity).length;
  const was = from ? `; it is of ${from.version}, which ${from.because}` : "";
  return [
    ...findings.flatMap(lines),
    `${objects} object(s) of ${path} checked against Kubernetes ${formatMinor(to)}${was}: ${count("blocker")} blocker(s), ${count("warning")} warning(s), ${count("note")} note(s).`,
  ]
    .map(oneLine)
    .join("\n");
}

/** `shop/web.yaml:12: blocker api-removed …`: editors and CI systems make a link of it. */
function lines({ id, severity, object, at, why, whatToDo }: Finding): string[] {
  const place = at ? `${at.file}:${at.line}: ` : "";
  const what = object ? ` ${refKey(object)}` : "";
  return [`${place}${severity} ${id}${what}: ${why}`, `    -> ${whatToDo}`];
}
