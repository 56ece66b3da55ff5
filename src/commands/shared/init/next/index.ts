import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import { parseConfig } from "../../../../config/parse.js";
import type { Config } from "../../../../config/schema.js";
import { compareMinor, formatMinor, parseKubeVersion } from "../../../../model/kube-version.js";
import { writeFileAtomic } from "../../../../run/atomic-file.js";
import type { RunFolder } from "../../../../run/run-folder.js";
import type { Answer, Context } from "../../command.js";
import { openProject, type Project } from "../../project.js";
import { describeAccount } from "../account.js";
import { familyName, freshName } from "../names.js";
import { setKeys } from "../set-keys.js";
import { mayReplace } from "../write-files.js";
import { accessTo } from "./access.js";
import { type FinishedRun, requireFinishedRun, usedNames } from "./finished-run.js";
import { reviseConfig } from "./next-config.js";
import type { Pair } from "./pair.js";
import { Revision } from "./revision.js";
import { nextStackFile } from "./stack-settings.js";

/** What `init --next` is told. */
export interface NextGiven {
  version: string | undefined;
  greenName: string | undefined;
  settings: readonly string[];
  dryRun: boolean;
}

/**
 * Writes the next migration's configuration over that of the run that has ended; its own stays in the run's folder.
 *
 * @param newest Kubernetes' newest minor that is tried: green's version, unless one is given or blue's is newer
 */
export async function initNext(given: NextGiven, newest: string, context: Context): Promise<Answer> {
  const project = await openProject(context);
  const { config, file, dir } = project;
  const finished = await requireFinishedRun(project, context);
  const text = await readFile(file, "utf8");
  const revision = new Revision(text, context.args.config);
  const pair = await pairOf(project, finished, { given, newest, revision }, context);
  await reviseConfig(revision, config, pair, dir);
  setKeys(revision.document, given.settings);
  const written = revision.toString();
  // What init writes is read back like anybody's file: what it took away may have been needed, and a --set be wrong.
  const next = parseConfig(written, context.args.config);
  const stack = await nextStackFile(settingsOf(next), pair, dir);
  if (stack && !given.dryRun) await mayReplace([join(dir, stack.name)], false, context);

  const kept = await keepOld(finished.run, text, given.dryRun);
  if (!given.dryRun) {
    if (stack) await writeFileAtomic(join(dir, stack.name), stack.text);
    await writeFileAtomic(file, written);
  }
  const { account } = revision;
  return {
    code: "ok",
    json: {
      file,
      dryRun: given.dryRun,
      run: finished.run.id,
      kept,
      config: parse(written) as unknown,
      stacks: stack ? [{ file: join(dir, stack.name), config: (parse(stack.text) as { config: unknown }).config }] : [],
      ...account,
    },
    text: [
      describeAccount(account),
      ...(given.dryRun
        ? [written, ...(stack ? [`# ${stack.name}\n${stack.text}`] : [])]
        : [
            `Written ${[context.args.config, ...(stack ? [stack.name] : [])].join(", ")}; the one before is ${relative(context.edges.cwd, kept)}.`,
            "Read it, then: clustershift plan",
          ]),
    ].join("\n"),
  };
}

async function pairOf(
  project: Project,
  finished: FinishedRun,
  { given, newest, revision }: { given: NextGiven; newest: string; revision: Revision },
  context: Context,
): Promise<Pair> {
  const { blue, green } = project.config;
  const { account } = revision;
  const now = context.edges.now();
  const version = minorOf(finished.green.version, green.version);
  const wanted = given.version ?? newerOf(version, newest);
  // A sandbox's first blue has no family: every cluster of it is a green.
  const family = green.stack.kind === "sandbox" ? "green" : familyName(finished.green.stack);
  const name = given.greenName ?? freshName(family, wanted, now, await usedNames(project));
  account.found.push(
    `Run ${finished.run.id} has ended: ${blue.name} is gone, and ${finished.green.stack}, Kubernetes ${version}, serves.`,
  );
  return {
    gone: { name: blue.name, context: blue.context },
    blue: {
      name: finished.green.stack,
      stack: finished.green.stack,
      version,
      ...(await accessTo(project, finished, context, account)),
    },
    green: { name, version: wanted },
    now,
  };
}

function minorOf(found: string, configured: string): string {
  const version = parseKubeVersion(found);
  return version ? formatMinor(version) : configured;
}

function newerOf(one: string, other: string): string {
  const [first, second] = [parseKubeVersion(one), parseKubeVersion(other)];
  return first && second && compareMinor(first, second) > 0 ? one : other;
}

function settingsOf({ green }: Config): Record<string, unknown> {
  return green.stack.kind === "eks" ? green.stack.settings : {};
}

/** Where the configuration of a run that has ended is kept: the same text once, and every other beside. */
async function keepOld(run: RunFolder, text: string, dryRun: boolean): Promise<string> {
  for (let number = 1; ; number++) {
    const path = run.path(number === 1 ? "clustershift.yaml" : `clustershift-${number}.yaml`);
    const there = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (there === text) return path;
    if (there !== undefined) continue;
    if (!dryRun) {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, text);
    }
    return path;
  }
}
