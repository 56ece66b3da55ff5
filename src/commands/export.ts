import { access } from "node:fs/promises";
import { generateIdentity, readIdentityFile, writeIdentityFile } from "../bundle/identity.js";
import { verifyBundle } from "../bundle/verify.js";
import { writeBundle } from "../bundle/write.js";
import { kindKey } from "../model/objects.js";
import type { RunFolder } from "../run/run-folder.js";
import { connectBlue, identityPath } from "./shared/clusters.js";
import { type Command, dryRunOption, forceOptions } from "./shared/command.js";
import { openProject, type Project, requireRun } from "./shared/project.js";
import { surveyKinds } from "./shared/survey.js";
import { forceOf, underGates } from "./shared/under-gates.js";
import { openVelero } from "./shared/velero-source.js";

export const exportCommand: Command = {
  name: "export",
  summary: "Export all of blue into a verified bundle, Secrets encrypted.",
  description:
    "Reads every object of every kind that blue stores, paged and streamed to disk, into the run's bundle with counts and checksums, then verifies it by reading it back. Secrets are encrypted for bundle.recipients, or for a key that is made for this run. An interrupted export leaves no bundle. With --velero the objects come from a backup that Velero made of blue; velero-backup.json beside it says whether it was finished, and kinds of which it has fewer objects than the plan are named.",
  options: {
    ...dryRunOption,
    velero: {
      type: "string",
      describe: "Export from a copy of a Velero backup (backups/NAME/NAME.tar.gz) instead of from the live blue.",
    },
    ...forceOptions,
  },
  examples: [
    { command: "clustershift export", what: "" },
    {
      command: "clustershift export --velero backups/nightly/nightly.tar.gz",
      what: "Blue doesn't answer any more: make the bundle from Velero's last backup of it, without Velero.",
    },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const velero =
      args.velero === undefined
        ? undefined
        : await openVelero(String(args.velero), await run.read("plan.json"), context);
    const blue = velero ?? (await connectBlue(project, context));
    try {
      const info = await blue.info();
      const { readable, broken } = await surveyKinds(blue, project);
      if (args.dryRun) {
        return {
          code: "ok",
          json: { dryRun: true, kinds: readable.map(kindKey), unavailable: broken },
          text: `Would export ${readable.length} kinds of ${info.version} into ${run.bundlePath}:\n${readable.map((kind) => `  ${kindKey(kind)}`).join("\n")}`,
        };
      }
      return await underGates("export", project, run, context, forceOf(args), async ({ journal }) => {
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
          data: { objects: manifest.objects, bundle: hash, ...(velero && { velero: velero.about }) },
        });
        return {
          code: "ok",
          json: {
            bundle: run.bundlePath,
            hash,
            objects: manifest.objects,
            kinds: manifest.kinds.length,
            recipients,
            ...(velero && { velero: velero.about }),
          },
          text: `Exported and verified ${manifest.objects} objects of ${manifest.kinds.length} kinds: ${run.bundlePath}\nNext: clustershift rehearse`,
        };
      });
    } finally {
      await blue.close();
    }
  },
};

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
