import { type Command, dryRunOption, forceOptions, fromOf, fromOption } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { makeBundle } from "./shared/make-bundle.js";
import { openProject } from "./shared/project.js";
import { forceOf } from "./shared/under-gates.js";

export const exportCommand: Command = {
  name: "export",
  summary: "Export all of blue into a verified bundle, Secrets encrypted.",
  description:
    "Reads every object of every kind that blue stores, paged and streamed to disk, into the run's bundle with counts and checksums, then verifies it by reading it back. Secrets are encrypted for bundle.recipients, or for a key that is made for this run. An interrupted export leaves no bundle. With --from the objects come from an archive of blue instead, since blue may be dead; kinds of which it has fewer objects than the plan are named.",
  options: {
    ...dryRunOption,
    ...fromOption,
    ...forceOptions,
  },
  examples: [
    { command: "clustershift export", what: "" },
    {
      command: "clustershift export --from definitions/",
      what: "Blue doesn't answer any more: make the bundle from what a script of kubectl get -o yaml left behind.",
    },
    {
      command: "clustershift export --from backups/nightly/nightly.tar.gz",
      what: "The same from Velero's last backup, without Velero.",
    },
    {
      command: "clustershift export --from velero:s3://acme-backups/velero#nightly-20260307",
      what: "straight from Velero's object store; Secrets, plain there, are encrypted in the bundle",
    },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const order = { from: fromOf(args), dryRun: args.dryRun === true, force: forceOf(args) };
    return makeBundle(order, project, run, context);
  },
};
