import { chmod } from "node:fs/promises";
import type { ClusterOutputs } from "../../stacks/outputs.js";
import { connect } from "../kube/connect.js";
import { messageOf, UserError } from "../model/errors.js";
import type { GreenRecord } from "../model/run.js";
import { groupOfNode, zoneOfNode } from "../plan/topology.js";
import type { RunFolder } from "../run/run-folder.js";
import { faults } from "../sandbox/choices.js";
import { notReadyBecause } from "../smoke/readiness.js";
import { type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openGreenStack } from "./shared/green-stack.js";
import { milliseconds, openProject, type Project } from "./shared/project.js";
import { forceOf, underGates } from "./shared/under-gates.js";

/** A flapping cluster passes once: green must be seen ready this often in a row, this far apart. */
const steadiness = { times: 3, gapMs: 500 };

export const upCommand: Command = {
  name: "up",
  summary: "Stand up green by its Pulumi stack, and wait until it is truly ready.",
  description:
    "Runs green's stack with Pulumi's engine, in the same state that `pulumi up` in stacks/ would use, then waits until the API answers in the version asked for, every group has Ready nodes in every zone, DNS has endpoints and the controllers work, several times in a row.",
  options: {
    ...dryRunOption,
    ...forceOptions,
    "sandbox-fault": { choices: faults, describe: "Plant this fault in a sandbox's green, to see what stops it." },
  },
  examples: [
    { command: "clustershift up --dry-run", what: "preview" },
    { command: "clustershift up", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const stack = await openGreenStack(
      project,
      context,
      args.sandboxFault === undefined ? undefined : String(args.sandboxFault),
    );
    const { progress, edges } = context;
    if (args.dryRun) {
      const changes = await stack.preview(undefined, edges.signal);
      return { code: "ok", json: { dryRun: true, changes }, text: `Would change: ${describeChanges(changes)}` };
    }
    return underGates("up", project, run, context, forceOf(args), async ({ journal }) => {
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
      const changes = await stack.up(({ type, name, op, done }) => {
        if (op !== "same") progress.line(`up: ${done ? "done" : "..."} ${op} ${name} (${type})`);
      }, edges.signal);
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
        text: `Green ${green.stack} is ready: Kubernetes ${green.version} (${describeChanges(changes)}).\nNext: clustershift export`,
      };
    });
  },
};

function describeChanges(changes: Record<string, number>): string {
  return (
    Object.entries(changes)
      .map(([op, count]) => `${op} ${count}`)
      .join(", ") || "nothing"
  );
}

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
