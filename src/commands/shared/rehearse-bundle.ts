import { connect } from "../../kube/connect.js";
import { rehearse } from "../../replay/rehearse.js";
import type { RunFolder } from "../../run/run-folder.js";
import { sandboxVersion } from "../../sandbox/choices.js";
import { bundleSource } from "./bundle-source.js";
import { openRunBundle } from "./clusters.js";
import type { Answer, Context } from "./command.js";
import type { Project } from "./project.js";
import { replayRules } from "./replay-rules.js";
import { binaryLines } from "./sandbox-options.js";
import { type Force, underGates } from "./under-gates.js";

/** Rehearses the run's bundle in a throw-away control plane, under rehearse's gates. */
export async function rehearseBundle(
  force: Force | undefined,
  project: Project,
  run: RunFolder,
  context: Context,
): Promise<Answer> {
  const { edges, progress } = context;
  const { config } = project;
  const version = sandboxVersion(config.green.version);
  return underGates("rehearse", project, run, context, force, async ({ evidence, journal }) => {
    const { startControlPlane, stopControlPlane } = await import("../../sandbox/cluster/control-plane.js");
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
          onOutcome: () => progress.tick("rehearse", { done: ++done, total: bundle.manifest.objects, unit: "objects" }),
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
}
