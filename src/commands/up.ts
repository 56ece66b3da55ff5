import { chmod } from "node:fs/promises";
import type { ClusterOutputs } from "../../stacks/outputs.js";
import { connect } from "../kube/connect.js";
import { messageOf, UserError } from "../model/errors.js";
import type { GreenRecord } from "../model/run.js";
import { groupOfNode, zoneOfNode } from "../plan/topology.js";
import { describeCounts } from "../provision/changes.js";
import type { RunFolder } from "../run/run-folder.js";
import { faults } from "../sandbox/choices.js";
import { notReadyBecause } from "../smoke/readiness.js";
import { type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openGreenStack } from "./shared/green-stack.js";
import { milliseconds, openProject, type Project } from "./shared/project.js";
import { forceOf, underGates } from "./shared/under-gates.js";
import { bringUp } from "./shared/up/bring-up.js";
import { describeForeseen, foresee, foreseenJson, requireConsent, requirePolicy } from "./shared/up/foresee.js";

/** A flapping cluster passes once: green must be seen ready this often in a row, this far apart. */
const steadiness = { times: 3, gapMs: 500 };

export const upCommand: Command = {
  name: "up",
  summary: "Preview green's Pulumi stack, stand it up, and wait until it is truly ready.",
  description:
    "Runs green's stack with Pulumi's engine, in the same state that `pulumi up` in stacks/ would use. First it previews: it names every resource that would be replaced or removed, with the properties that cause it, and what will be paid for, and refuses what the policy says that production must not have. On a terminal it asks then; without one, --yes is needed where anything would be replaced or removed. Then it waits until the API answers in the version asked for, every group has Ready nodes in every zone, DNS has endpoints and the controllers work, several times in a row.",
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
      const green = await waitUntilReady(project, run, outputs, context);
      await run.write("green.json", green);
      await journal.append({
        type: "done",
        step,
        result: { changes, clusterId: green.clusterId, version: green.version },
      });
      return {
        code: "ok",
        json: { green, changes },
        text: `Green ${green.stack} is ready: Kubernetes ${green.version} (${describeCounts(foreseen.changes)}).\nNext: clustershift export`,
      };
    });
  },
};

async function waitUntilReady(
  project: Project,
  run: RunFolder,
  outputs: ClusterOutputs,
  { edges, progress }: Context,
): Promise<GreenRecord> {
  const { green } = project.config;
  const kubeconfig = "green.kubeconfig.yaml";
  await run.writeText(kubeconfig, outputs.kubeconfig);
  await chmod(run.path(kubeconfig), 0o600);
  const kube = await connect({ kubeconfig: run.path(kubeconfig), context: outputs.context, env: edges.env });
  try {
    const deadline = edges.now().getTime() + milliseconds(green.readyTimeout);
    const expected = { version: green.version, groups: outputs.groups };
    const placeOf = (node: Parameters<typeof groupOfNode>[0]) => ({ group: groupOfNode(node), zone: zoneOfNode(node) });
    let seen = 0;
    let said = "";
    while (seen < steadiness.times) {
      const problems = await notReadyBecause(expected, {
        green: kube,
        now: () => edges.now().getTime(),
        placeOf,
      }).catch((error: unknown) => [messageOf(error)]);
      seen = problems.length === 0 ? seen + 1 : 0;
      const [first] = problems;
      if (first && first !== said)
        progress.line(`up: waiting: ${first}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ""}`);
      said = first ?? "";
      if (first && edges.now().getTime() > deadline) {
        throw new UserError({
          code: "not-ready",
          what: `Green did not become ready within ${green.readyTimeout}:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
          fix: "Look at its control plane's logs and nodes. `clustershift up` goes on waiting; blue serves as before.",
        });
      }
      await edges.sleep(steadiness.gapMs, edges.signal);
    }
    const { version, clusterId } = await kube.info();
    return {
      format: 1,
      stack: green.name,
      clusterId,
      version,
      kubeconfig,
      context: outputs.context,
      readyAt: edges.now().toISOString(),
      addresses: outputs.addresses,
    };
  } finally {
    await kube.close();
  }
}
