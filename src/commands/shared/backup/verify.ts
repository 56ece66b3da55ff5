import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { migrations } from "../../../../migrations/index.js";
import { bundleDefects } from "../../../bundle/verify.js";
import type { KubeReader, KubeWriter } from "../../../kube/api.js";
import { connect } from "../../../kube/connect.js";
import type { BackupDefect, BackupVerification } from "../../../model/backup.js";
import type { Dangling } from "../../../model/dangling.js";
import { UserError } from "../../../model/errors.js";
import { compareMinor, parseKubeVersion } from "../../../model/kube-version.js";
import { type KubeObject, kindKey, type ObjectRef, refKey, refOf } from "../../../model/objects.js";
import type { Plan } from "../../../model/plan.js";
import { predictResources } from "../../../plan/predict.js";
import { compareWithLive, traceLive, traceOf } from "../../../replay/backup/live.js";
import { restore } from "../../../replay/backup/restore.js";
import { brokenReferences, referenceDefect, standingDefects } from "../../../replay/backup/standing.js";
import { readLive } from "../../../replay/live-source.js";
import { planReplay, type ReplayRules, type ReplaySource } from "../../../replay/replay.js";
import { perClusterKind } from "../../../replay/rules/per-cluster-kinds.js";
import { standardFor } from "../../../replay/standard.js";
import { controlVersionFor } from "../../../sandbox/choices.js";
import { type Archive, type ArchiveOptions, isOtherCluster } from "../archive.js";
import { identityFor } from "../bundle-source.js";
import type { Context } from "../command.js";
import { kindOfArchive, openArchive } from "../open-archive.js";
import { binaryLines } from "../sandbox-options.js";

export interface VerifyRequest {
  /** Path or address, as `--from` takes it. */
  path: string;
  options: ArchiveOptions;
  plan?: Plan | undefined;
  /** Blue, where it is to be asked; it's closed here. What it throws is why it wasn't. */
  openBlue?: (() => Promise<KubeReader>) | undefined;
  /** Ids of clusters that nothing may be written to. */
  never: readonly string[];
  /** Where the control plane may be until it's removed; a temporary folder unless given. */
  dir?: string;
  concurrency: number;
  /** A control plane that is there already, of the right version, for those who verify several backups. */
  control?: KubeWriter;
}

/**
 * Reads a backup whole, looks for what can be seen without a server, compares it with blue where that answers, and restores it into
 * a control plane that is thrown away. Whatever is wrong with the backup becomes a defect; throws `UserError` where it can't be verified
 * for another reason.
 */
export async function verifyBackup(request: VerifyRequest, context: Context): Promise<BackupVerification> {
  const at = context.edges.now().toISOString();
  const kind = await kindOfArchive(request.path, context);
  const unread: BackupVerification = {
    at,
    backup: { kind, path: request.path, identity: null, takenAt: null },
    ...{ source: null, restoredInto: null, blue: null, notCompared: "it can't be read", objects: 0, kinds: {} },
    ...{ declared: {}, defects: [], warnings: [], outcome: "failed" },
  };
  context.progress.line(`backup verify: reading ${request.path}`);
  const damage = kind === "bundle" ? await damageOf(request, context) : [];
  if (damage.length > 0) return { ...unread, defects: damage };
  let archive: Archive;
  try {
    archive = await openArchive(request.path, request.options, context);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "bundle-invalid") throw error;
    return { ...unread, defects: [...(error.defects ?? [{ id: "unreadable" as const, what: error.message }])] };
  }
  try {
    return await verifyArchive({ kind, archive }, at, request, context);
  } finally {
    await archive.close();
  }
}

async function damageOf({ path, options }: VerifyRequest, { edges }: Context): Promise<BackupDefect[]> {
  const dir = resolve(edges.cwd, path);
  return bundleDefects(dir, await identityFor(dir, options));
}

async function verifyArchive(
  { kind, archive }: { kind: BackupVerification["backup"]["kind"]; archive: Archive },
  at: string,
  request: VerifyRequest,
  context: Context,
): Promise<BackupVerification> {
  const { about } = archive;
  const { version, clusterId } = await archive.info();
  const chosen = controlVersionFor(version);
  const { resources } = await archive.discover();
  const to = parseKubeVersion(chosen.version);
  const predicted = to ? predictResources(resources, to) : resources;
  const source = await readLive(archive, predicted, migrations);
  const objects: KubeObject[] = [];
  for (const { resource } of source.kinds) for await (const object of source.objects(resource)) objects.push(object);

  const rules = standardFor(to);
  const plan = await planReplay(source, rules, predicted);
  const references = brokenReferences(plan);
  const blue = await besideBlue(archive, objects, at, request, context);
  const found = [
    ...standingDefects(objects, resources, version),
    ...lacks(archive),
    ...otherThanPlanned({ version, clusterId }, request.plan),
    ...blue.defects,
  ];
  const { defects, warnings } = judgeReferences(references, blue.live, request.plan);
  found.push(...defects);
  // A server that doesn't know a kind would refuse each of its objects, which says nothing new.
  const undefinedKinds = new Set(
    found.flatMap(({ id, object }) => (id === "definition-missing" && object ? [kindKey(object)] : [])),
  );
  const restored = await restoreInto(
    { kinds: source.kinds.filter(({ resource }) => !undefinedKinds.has(kindKey(resource))), objects: source.objects },
    rules,
    chosen.version,
    at,
    request,
    context,
  );
  // Named once: what was seen without a server it refuses as well.
  const named = new Set(found.flatMap(({ object }) => (object ? [refKey(object)] : [])));
  found.push(...restored.defects.filter(({ object }) => !object || !named.has(refKey(object))));
  return {
    at,
    backup: {
      ...{ kind, path: about.path, identity: await archive.identity(), takenAt: about.takenAt },
      ...(archive.keptUntil && { keptUntil: archive.keptUntil }),
      ...(archive.schedule && { schedule: archive.schedule }),
    },
    source: { version, clusterId },
    restoredInto: { version: restored.parity.version, because: chosen.because },
    blue: blue.compared,
    ...(blue.why !== undefined && { notCompared: blue.why }),
    objects: objects.length,
    kinds: kindsOf(objects, restored.result.outcomes, blue.counts),
    declared: declaredIn(restored),
    defects: found,
    warnings: [...archive.warnings, ...remarks(archive), ...warnings, ...blue.warnings],
    outcome: found.length === 0 ? "passed" : "failed",
  };
}

/** What Velero itself says that it couldn't back up, or had trouble with. */
function lacks({ findings = [] }: Archive): BackupDefect[] {
  return findings
    .filter(({ id }) => id === "backup-lacks-object" || id === "backup-error")
    .map(({ object, why }) => ({
      id: "incomplete",
      ...(object && { object }),
      what: object ? `${refKey(object)}: ${why}` : why,
    }));
}

function remarks({ findings = [] }: Archive): string[] {
  return findings.filter(({ id }) => id === "backup-warning" || id === "backup-has-volumes").map(({ why }) => why);
}

function otherThanPlanned(source: { version: string; clusterId: string }, plan: Plan | undefined): BackupDefect[] {
  if (!plan) return [];
  return [
    ...(isOtherCluster(source.clusterId, plan)
      ? [
          {
            id: "other-cluster" as const,
            what: `It is of cluster ${source.clusterId}; the plan's blue is ${plan.blue.clusterId}.`,
          },
        ]
      : []),
    ...otherVersion(source.version, plan.blue.version, "the plan's blue is"),
  ];
}

function otherVersion(version: string, other: string, whose: string): BackupDefect[] {
  const [one, two] = [parseKubeVersion(version), parseKubeVersion(other)];
  if (!one || !two || compareMinor(one, two) === 0) return [];
  return [{ id: "wrong-version", what: `It says Kubernetes ${version}; ${whose} of ${other}.` }];
}

interface BesideBlue {
  compared: BackupVerification["blue"];
  why?: string;
  defects: BackupDefect[];
  warnings: string[];
  counts: Map<string, number>;
  /** Names of all that blue has; undefined where it wasn't compared. */
  live?: ReadonlySet<string>;
}

async function besideBlue(
  archive: Archive,
  objects: readonly KubeObject[],
  at: string,
  { openBlue }: VerifyRequest,
  { edges, progress }: Context,
): Promise<BesideBlue> {
  const none = (why: string, defects: BackupDefect[] = []): BesideBlue => ({
    ...{ compared: null, why, defects, warnings: [`Not compared with blue: ${why}`], counts: new Map() },
  });
  if (!openBlue) return none("it wasn't asked for");
  const { takenAt } = archive.about;
  let blue: KubeReader;
  try {
    blue = await openBlue();
  } catch (error) {
    if (error instanceof UserError) return none(error.message);
    throw error;
  }
  try {
    const [info, backup] = [await blue.info(), await archive.info()];
    if (backup.clusterId !== "unknown" && info.clusterId !== backup.clusterId)
      return none("it is another cluster", [
        { id: "other-cluster", what: `It is of cluster ${backup.clusterId}; blue is ${info.clusterId}.` },
      ]);
    const defects = otherVersion(backup.version, info.version, "blue is");
    if (takenAt === null) return none("nothing in the backup says when it was taken", defects);
    const { traces, unread } = await traceLive(blue, {
      signal: edges.signal,
      onProgress: (done) => progress.tick("asking blue", { done, unit: "objects" }),
    });
    const isUnread = (ref: ObjectRef) =>
      unread.some(({ kind }) => kind === kindKey(ref) || (ref.group !== "" && kind.startsWith(`${ref.group}/`)));
    const kept = objects
      .filter((object) => perClusterKind(refOf(object)) === undefined && !isUnread(refOf(object)))
      .map((object) => traceOf(object));
    const found = compareWithLive(kept, traces, {
      takenAt,
      holds: ({ ref, resource, labels, deleting }) => archive.holds?.({ ...ref, resource, labels, deleting }) ?? true,
    });
    const counts = new Map<string, number>();
    for (const { ref } of traces) counts.set(kindKey(ref), (counts.get(kindKey(ref)) ?? 0) + 1);
    const outside = [...found.outside].map(([kind, count]) => `${count} ${kind}`);
    return {
      compared: { at, objects: traces.length, changedSince: found.changedSince },
      defects: [...defects, ...found.defects],
      warnings: [
        ...unread.map(({ kind, why }) => `Not compared with blue: ${kind}: ${why}`),
        ...(outside.length > 0
          ? [`Blue has what this backup was told to leave out, or may have been: ${outside.join(", ")}`]
          : []),
      ],
      counts,
      live: new Set(traces.map(({ ref }) => refKey(ref))),
    };
  } catch (error) {
    if (error instanceof UserError) return none(error.message);
    throw error;
  } finally {
    await blue.close();
  }
}

/** What blue itself lacks isn't lost by the backup: its own lists say so, or the plan that was made from them. */
function judgeReferences(
  references: readonly Dangling[],
  live: ReadonlySet<string> | undefined,
  plan: Plan | undefined,
): { defects: BackupDefect[]; warnings: string[] } {
  const planned = new Set(
    (plan?.findings ?? []).flatMap(({ id, object }) => (id === "dangling-reference" && object ? [refKey(object)] : [])),
  );
  const isBluesOwn = ({ to, from }: Dangling) =>
    live ? !live.has(refKey(to)) : from.some(({ object }) => planned.has(refKey(object)));
  return {
    defects: references.filter((each) => !isBluesOwn(each)).map(referenceDefect),
    warnings: references.filter(isBluesOwn).map((each) => `As on blue: ${referenceDefect(each).what}`),
  };
}

async function restoreInto(
  source: ReplaySource,
  rules: ReplayRules,
  version: ReturnType<typeof controlVersionFor>["version"],
  at: string,
  { control, never, dir, concurrency }: VerifyRequest,
  context: Context,
) {
  const { edges, progress } = context;
  const total = source.kinds.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  const into = async (plane: KubeWriter) => {
    const { version: itsVersion } = await plane.info();
    const options = {
      ...{ control: plane, never, at, concurrency, signal: edges.signal },
      onOutcome: () => progress.tick("restoring", { done: ++done, total, unit: "objects" }),
    };
    const restored = await restore(source, rules, options);
    return { ...restored, parity: { ...restored.parity, version: itsVersion } };
  };
  if (control) return into(control);
  const { startControlPlane, stopControlPlane } = await import("../../../sandbox/cluster/control-plane.js");
  const temporary = dir === undefined ? await mkdtemp(join(tmpdir(), "clustershift-verify-")) : undefined;
  const place = dir ?? join(temporary ?? "", "plane");
  await mkdir(place, { recursive: true });
  // What an earlier verification that was killed left running is found by its own records.
  await stopControlPlane(place);
  progress.line(`backup verify: starting a throw-away control plane of Kubernetes ${version}`);
  try {
    const plane = await startControlPlane({
      ...{ name: "verify", dir: place, version, kwok: false, fsync: false, auditPolicy: false },
      ...{ onProgress: binaryLines(context), env: edges.env, signal: edges.signal },
    });
    const writer = await connect({ kubeconfig: plane.kubeconfigPath, context: "verify", env: edges.env });
    try {
      return await into(writer);
    } finally {
      await writer.close();
    }
  } finally {
    await stopControlPlane(place);
    if (temporary) await rm(temporary, { recursive: true, force: true });
  }
}

function kindsOf(
  objects: readonly KubeObject[],
  outcomes: Awaited<ReturnType<typeof restoreInto>>["result"]["outcomes"],
  blue: ReadonlyMap<string, number>,
): BackupVerification["kinds"] {
  const kinds: BackupVerification["kinds"] = {};
  const of = (kind: string) => {
    const its = kinds[kind] ?? {
      objects: 0,
      arrived: 0,
      declared: 0,
      ...(blue.has(kind) && { blue: blue.get(kind) ?? 0 }),
    };
    kinds[kind] = its;
    return its;
  };
  for (const object of objects) of(kindKey(refOf(object))).objects++;
  for (const { object, ending } of outcomes) {
    if (ending === "migrated" || ending === "merged") of(kindKey(object)).arrived++;
    else if (ending !== "failed") of(kindKey(object)).declared++;
  }
  return kinds;
}

/** Rules, changes and tolerances, by name: how often each declared a difference. */
function declaredIn({ result, parity }: Awaited<ReturnType<typeof restoreInto>>): Record<string, number> {
  const declared: Record<string, number> = { ...parity.declared };
  for (const { ending, by, changedBy = [] } of result.outcomes) {
    const left = ending === "derived" || ending === "skipped" || ending === "dropped" || ending === "merged";
    for (const name of [...(left ? [by ?? ending] : []), ...changedBy]) declared[name] = (declared[name] ?? 0) + 1;
  }
  return declared;
}
