import { connect } from "../kube/connect.js";
import { parseKubeVersion } from "../model/kube-version.js";
import { predictResources } from "../plan/predict.js";
import { rehearse } from "../replay/rehearse.js";
import { planReplay } from "../replay/replay.js";
import { sandboxVersion } from "../sandbox/choices.js";
import { bundleSource } from "./shared/bundle-source.js";
import { openRunBundle } from "./shared/clusters.js";
import { type Command, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openProject } from "./shared/project.js";
import { replayRules } from "./shared/replay-rules.js";
import { binaryLines } from "./shared/sandbox-options.js";
import { forceOf, underGates } from "./shared/under-gates.js";

export const rehearseCommand: Command = {
  name: "rehearse",
  summary: "Replay the bundle into a throw-away control plane of green's version.",
  description:
    "Starts an etcd and an API server of green's version on this machine, replays the bundle into them as `migrate` would, and reports each object that would be refused, with the server's words. Neither cluster is touched, and nothing is left of it.",
  options: { ...dryRunOption, ...forceOptions },
  examples: [{ command: "clustershift rehearse", what: "" }],
  async run(args, context) {
    const { edges, progress } = context;
    const project = await openProject(context);
    const { config } = project;
    const run = await requireRun(project, context);
    const version = sandboxVersion(config.green.version);
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
    return underGates("rehearse", project, run, context, forceOf(args), async ({ evidence, journal }) => {
      const { startControlPlane, stopControlPlane } = await import("../sandbox/cluster/control-plane.js");
      const dir = run.path("rehearsal");
      // What an earlier rehearsal that was killed left running is found by its own records.
      await stopControlPlane(dir);
      progress.line(`rehearse: starting a throw-away control plane of Kubernetes ${version}`);
      try {
        const plane = await startControlPlane({
          name: "rehearsal",
          dir,
          version,
          kwok: false,
          fsync: false,
          auditPolicy: false,
          onProgress: binaryLines(context),
          env: edges.env,
          signal: edges.signal,
        });
        const control = await connect({ kubeconfig: plane.kubeconfigPath, context: "rehearsal", env: edges.env });
        try {
          const bundle = await openRunBundle(project, run);
          let done = 0;
          const { report, result } = await rehearse(bundleSource(bundle), await replayRules(project, run), {
            control,
            never: [evidence.plan?.blue.clusterId, evidence.green?.clusterId].flatMap((id) => id ?? []),
            bundle: evidence.bundle?.hash ?? "",
            at: edges.now().toISOString(),
            concurrency: config.replay.concurrency,
            signal: edges.signal,
            onOutcome: () =>
              progress.tick("rehearse", { done: ++done, total: bundle.manifest.objects, unit: "objects" }),
          });
          await run.write("rehearsal.json", report);
          await journal.append({
            type: "event",
            phase: "rehearse",
            event: "rehearsed",
            data: { objects: report.objects, refused: report.refused.length, version: report.version },
          });
          const refused = report.refused.map(({ object, reason }) => `  ${object}: ${reason}`);
          return {
            code: refused.length > 0 ? "rehearsal-refused" : "ok",
            json: { report, accounting: result.accounting.total, findings: result.findings },
            text: [
              `Rehearsed ${report.objects} objects against Kubernetes ${report.version}: ${refused.length} refused.`,
              ...refused,
              refused.length > 0
                ? "Mend them on blue, or leave them behind by replay.skip; then: clustershift export && clustershift rehearse"
                : "Next: clustershift migrate",
            ].join("\n"),
          };
        } finally {
          await control.close();
        }
      } finally {
        await stopControlPlane(dir);
      }
    });
  },
};
