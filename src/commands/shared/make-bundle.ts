import { access } from "node:fs/promises";
import { generateIdentity, readIdentityFile, writeIdentityFile } from "../../bundle/identity.js";
import { verifyBundle } from "../../bundle/verify.js";
import { writeBundle } from "../../bundle/write.js";
import { UserError } from "../../model/errors.js";
import { kindKey } from "../../model/objects.js";
import type { RunFolder } from "../../run/run-folder.js";
import { type Archive, infoOf } from "./archive.js";
import { connectBlue, identityPath } from "./clusters.js";
import type { Answer, Context } from "./command.js";
import { type Fewer, fewerThan, openArchives } from "./open-archive.js";
import type { Project } from "./project.js";
import { surveyKinds } from "./survey.js";
import { type Force, underGates } from "./under-gates.js";

/** What a bundle is to be made of, and how. */
export interface BundleOrder {
  /** Archives in blue's place, in their order. */
  from?: readonly string[] | undefined;
  dryRun?: boolean;
  force?: Force | undefined;
}

/** Makes the run's bundle, of blue or of archives, under export's gates. An interrupted one leaves no bundle. */
export async function makeBundle(
  order: BundleOrder,
  project: Project,
  run: RunFolder,
  context: Context,
): Promise<Answer> {
  const { from } = order;
  const archive = from && (await archiveFor(from, project, run, context));
  const blue = archive?.source ?? (await connectBlue(project, context));
  try {
    const info = await infoOf(blue, "export");
    const { readable, broken } = await surveyKinds(blue, project);
    if (order.dryRun) {
      return {
        code: "ok",
        json: { dryRun: true, kinds: readable.map(kindKey), unavailable: broken },
        text: `Would export ${readable.length} kinds of ${info.version} into ${run.bundlePath}:\n${readable.map((kind) => `  ${kindKey(kind)}`).join("\n")}`,
      };
    }
    return await underGates("export", project, run, context, order.force, async ({ journal }) => {
      for (const { groupVersion, reason } of broken)
        context.progress.warn(`blue doesn't answer for ${groupVersion}: ${reason}`);
      const recipients = await recipientsOf(project, run);
      await writeBundle({
        dir: run.bundlePath,
        kinds: readable.map((resource) => ({
          resource,
          pages: blue.pages(resource, { signal: context.edges.signal }),
        })),
        source: { name: project.config.blue.name, version: info.version, clusterId: info.clusterId },
        recipients,
        now: context.edges.now(),
        onProgress: ({ objects }) => context.progress.tick("export", { done: objects, unit: "objects" }),
      });
      const { manifest, hash } = await verifyBundle(run.bundlePath, { identityFile: identityPath(project, run) });
      await journal.append({
        type: "event",
        phase: "export",
        event: "exported",
        data: { objects: manifest.objects, bundle: hash, ...(archive && { from: archive.about }) },
      });
      return {
        code: "ok",
        json: {
          bundle: run.bundlePath,
          hash,
          objects: manifest.objects,
          kinds: manifest.kinds.length,
          recipients,
          ...(archive && { from: archive.about }),
        },
        text: `Exported and verified ${manifest.objects} objects of ${manifest.kinds.length} kinds: ${run.bundlePath}\nNext: clustershift rehearse`,
      };
    });
  } finally {
    await blue.close();
  }
}

/** What is to be exported from files, warned of; about it for the journal and the answer. */
async function archiveFor(
  paths: readonly string[],
  project: Project,
  run: RunFolder,
  context: Context,
): Promise<{ source: Archive; about: Archive["about"] & { fewer: Fewer } }> {
  const plan = await run.read("plan.json");
  if (!plan)
    throw new UserError({
      code: "no-plan",
      what: "There is no plan in this run.",
      fix: `clustershift plan, or clustershift plan --from ${paths.join(" --from ")} where blue is dead`,
    });
  const source = await openArchives(
    paths,
    { identityFile: identityPath(project, run), aws: project.config.aws, plan },
    context,
  );
  try {
    const fewer = await fewerThan(plan, source);
    for (const warning of source.warnings) context.progress.warn(warning);
    if (fewer.length > 0) {
      const list = fewer.map(({ kind, planned, found }) => `${kind} ${found} of ${planned}`).join(", ");
      context.progress.warn(
        `${source.about.path}: has fewer objects than the plan, and what it lacks can't arrive in green: ${list}`,
      );
    }
    return { source, about: { ...source.about, fewer } };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The configured ones; else one key for this run, made once and kept beside the bundle, readable by its owner alone. */
async function recipientsOf({ config, dir }: Project, run: RunFolder): Promise<string[]> {
  if (config.bundle.recipients.length > 0) return config.bundle.recipients;
  const file = identityPath({ config, dir }, run);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) return [(await readIdentityFile(file)).recipient];
  const identity = await generateIdentity();
  await writeIdentityFile(file, identity);
  return [identity.recipient];
}
