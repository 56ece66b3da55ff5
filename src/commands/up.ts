import { chmod } from "node:fs/promises";
import type { ClusterOutputs } from "../../stacks/outputs.js";
import { connect } from "../kube/connect.js";
import { UserError } from "../model/errors.js";
import type { GreenRecord } from "../model/run.js";
import type { ValidationReport } from "../model/validation.js";
import { describeCounts } from "../provision/changes.js";
import type { RunFolder } from "../run/run-folder.js";
import { faults } from "../sandbox/choices.js";
import { type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openGreenStack } from "./shared/green-stack.js";
import { milliseconds, openProject, type Project } from "./shared/project.js";
import { forceOf, underGates } from "./shared/under-gates.js";
import { bringUp } from "./shared/up/bring-up.js";
import { describeForeseen, foresee, foreseenJson, requireConsent, requirePolicy } from "./shared/up/foresee.js";
import { validateGreen } from "./shared/validate.js";

export const upCommand: Command = {
  name: "up",
  summary: "Preview green's Pulumi stack, stand it up, and wait until it is truly ready.",
  description:
    "Runs green's stack with Pulumi's engine, in the same state that `pulumi up` in stacks/ would use. First it previews: it names every resource that would be replaced or removed, with the properties that cause it, and what will be paid for, and refuses what the policy says that production must not have. On a terminal it asks then; without one, --yes is needed where anything would be replaced or removed. Then it waits until green has held for a while, as `clustershift validate` looks at it: version, nodes of every group in every zone, controllers, system pods, DNS, and more where it can be asked.",
  options: {
    yes: { type: "boolean", default: false, describe: "Don't ask: also replace and remove what the preview names." },
    ...dryRunOption,
    ...forceOptions,
    "sandbox-fault": { choices: faults, describe: "Plant this fault in a sandbox's green, to see what stops it." },
  },
  examples: [
    {
      command: "clustershift up --dry-run",
      what: "preview, with costs and the policy's word; exit code 76 where it refuses",
    },
    { command: "clustershift up", what: "asks on a terminal" },
    { command: "clustershift up --yes", what: "in a pipeline, where something may be replaced" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const stack = await openGreenStack(
      project,
      context,
      args.sandboxFault === undefined ? undefined : String(args.sandboxFault),
    );
    if (args.dryRun) {
      const foreseen = await foresee(stack, project, context);
      return {
        code: foreseen.refused.length > 0 ? "policy-refused" : "ok",
        json: { dryRun: true, ...foreseenJson(foreseen) },
        text: describeForeseen(foreseen).join("\n"),
      };
    }
    return underGates("up", project, run, context, forceOf(args), async ({ journal }) => {
      const foreseen = await foresee(stack, project, context);
      requirePolicy(foreseen);
      await requireConsent(foreseen, args.yes === true, context);
      const step = `up/${project.config.green.name}`;
      await journal.append({
        type: "intent",
        step,
        phase: "up",
        what: "bring green's stack up",
        target: project.config.green.name,
        before: null,
        after: project.config.green,
      });
      const changes = await bringUp(stack, foreseen.changes, context);
      const { parseClusterOutputs } = await import("../../stacks/outputs.js");
      const outputs = parseClusterOutputs(await stack.outputs());
      const { green, report } = await waitUntilReady(project, run, outputs, context);
      await run.write("green.json", green);
      await journal.append({
        type: "done",
        step,
        result: { changes, clusterId: green.clusterId, version: green.version },
      });
      return {
        code: "ok",
        json: { green, changes, validation: report },
        text: [
          `Green ${green.stack} is ready: Kubernetes ${green.version} (${describeCounts(foreseen.changes)}).`,
          ...notChecked(report),
          "Next: clustershift export",
        ].join("\n"),
      };
    });
  },
};

/** Waits until green has held for a while; what it showed is written whatever comes of it. */
async function waitUntilReady(
  project: Project,
  run: RunFolder,
  outputs: ClusterOutputs,
  context: Context,
): Promise<{ green: GreenRecord; report: ValidationReport }> {
  const { edges } = context;
  const { green } = project.config;
  const kubeconfig = "green.kubeconfig.yaml";
  await run.writeText(kubeconfig, outputs.kubeconfig);
  await chmod(run.path(kubeconfig), 0o600);
  const kube = await connect({ kubeconfig: run.path(kubeconfig), context: outputs.context, env: edges.env });
  try {
    const expected = { version: green.version, groups: outputs.groups };
    const { report, held } = await validateGreen(project, expected, kube, milliseconds(green.readyTimeout), context);
    await run.write("validation.json", report);
    if (!held) {
      const failed = report.checks.filter(({ outcome }) => outcome === "failed");
      throw new UserError({
        code: "not-ready",
        what: `Green did not become ready within ${green.readyTimeout}:\n${failed.map(({ name, detail }) => `  ${name}: ${detail}`).join("\n")}`,
        fix: "Look at its control plane's logs and nodes. `clustershift up` goes on waiting; blue serves as before.",
      });
    }
    const { version, clusterId } = report.green;
    const record: GreenRecord = {
      format: 1,
      stack: green.name,
      clusterId,
      version,
      kubeconfig,
      context: outputs.context,
      readyAt: edges.now().toISOString(),
      addresses: outputs.addresses,
      groups: outputs.groups,
    };
    return { green: record, report };
  } finally {
    await kube.close();
  }
}

/** What could not be checked must not look like what passed. */
function notChecked({ checks }: ValidationReport): string[] {
  return checks
    .filter(({ outcome }) => outcome === "inconclusive")
    .map(({ name, detail }) => `Not checked: ${name}: ${detail}`);
}
