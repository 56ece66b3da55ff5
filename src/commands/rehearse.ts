import { parseKubeVersion } from "../model/kube-version.js";
import { predictResources } from "../plan/predict.js";
import { planReplay } from "../replay/replay.js";
import { sandboxVersion } from "../sandbox/choices.js";
import { bundleSource } from "./shared/bundle-source.js";
import { openRunBundle } from "./shared/clusters.js";
import { type Command, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openProject } from "./shared/project.js";
import { rehearseBundle } from "./shared/rehearse-bundle.js";
import { replayRules } from "./shared/replay-rules.js";
import { forceOf } from "./shared/under-gates.js";

export const rehearseCommand: Command = {
  name: "rehearse",
  summary: "Replay the bundle into a throw-away control plane of green's version.",
  description:
    "Starts an etcd and an API server of green's version on this machine, replays the bundle into them as `migrate` would, and reports each object that would be refused, with the server's words. Neither cluster is touched, and nothing is left of it.",
  options: { ...dryRunOption, ...forceOptions },
  examples: [{ command: "clustershift rehearse", what: "" }],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const version = sandboxVersion(project.config.green.version);
    if (args.dryRun) {
      const source = bundleSource(await openRunBundle(project, run));
      const to = parseKubeVersion(version);
      const resources = source.kinds.map(({ resource }) => resource);
      const { prepared } = await planReplay(
        source,
        await replayRules(project, run),
        to ? predictResources(resources, to) : resources,
      );
      return {
        code: "ok",
        json: { dryRun: true, version, objects: prepared.departures.length },
        text: `Would write ${prepared.departures.length} objects into a throw-away control plane of ${version}.`,
      };
    }
    return rehearseBundle(forceOf(args), project, run, context);
  },
};
