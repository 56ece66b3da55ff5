import { UserError } from "../../model/errors.js";
import { type Fault, faults, sandboxVersion } from "../../sandbox/choices.js";
import type { Command } from "../shared/command.js";
import { binaryLines, sandboxName } from "../shared/sandbox-options.js";

/** Loaded only where it is needed: a start of any other command needn't wait for it. */
const loadGreen = () => import("../../sandbox/green.js");

const cluster = { name: "cluster", describe: "The cluster's name." };

/** What green's stack runs for a sandbox: its last line is the resource's outputs. */
export const sandboxGreenUpCommand: Command = {
  name: "sandbox add",
  summary: "Stand up a green in a sandbox (what `up` runs).",
  description:
    "Stands up a second control plane beside the one that serves, with the same groups in the same zones, and an edge at the address that is free. Its name becomes a context of the sandbox's kubeconfig that can only read, and NAME-admin one that may do everything. `clustershift up` runs this as its stack's resource; by itself it is of use to look at faults.",
  positionals: [cluster],
  options: {
    ...sandboxName,
    kubernetes: { type: "string", demandOption: true, describe: "Kubernetes version." },
    fault: { choices: faults, describe: "Plant this fault: the pod network of the worker nodes never starts." },
  },
  examples: [{ command: "clustershift sandbox add green-2026 --kubernetes 1.35", what: "" }],
  async run(args, context) {
    const { greenUp } = await loadGreen();
    const outputs = await greenUp({
      sandbox: String(args.name),
      name: String(args.cluster),
      version: sandboxVersion(String(args.kubernetes)),
      ...(args.fault !== undefined && { fault: args.fault as Fault }),
      env: context.edges.env,
      now: context.edges.now,
      onBinary: binaryLines(context),
    });
    return { code: "ok", json: outputs, text: JSON.stringify(outputs) };
  },
};

export const sandboxRemoveCommand: Command = {
  name: "sandbox remove",
  summary: "Remove one cluster of a sandbox (what teardown runs).",
  description:
    "Stops one control plane of the sandbox, its edge and its instances, and takes its contexts out of the sandbox's kubeconfig. The rest of the sandbox stays, and the next cluster gets the place that is free.",
  positionals: [cluster],
  options: { ...sandboxName },
  examples: [{ command: "clustershift sandbox remove blue", what: "" }],
  async run(args, { edges }) {
    const [sandbox, name] = [String(args.name), String(args.cluster)];
    const { clusterDown } = await loadGreen();
    await clusterDown({ sandbox, name, env: edges.env });
    return { code: "ok", json: { removed: name }, text: `Removed ${name}.` };
  },
};

export const sandboxBreakCommand: Command = {
  name: "sandbox break",
  summary: "Break a cluster of a sandbox for good, as the incident's was.",
  description:
    "Its pod network goes, so that nothing in it answers any more; then its API server and etcd end, and etcd's data can't be read again. To see what is left to do when blue is dead. There is no way back: `clustershift sandbox down` removes it with the rest.",
  positionals: [cluster],
  options: { ...sandboxName },
  examples: [{ command: "clustershift sandbox break blue", what: "" }],
  async run(args, { edges }) {
    const name = String(args.cluster);
    const { breakCluster } = await import("../../sandbox/break.js");
    const pods = await breakCluster({ sandbox: String(args.name), name, env: edges.env, signal: edges.signal });
    return {
      code: "ok",
      json: { broken: name, pods },
      text: `Broke ${name}: none of its ${pods} Pods can be reached, and its control plane doesn't start again.`,
    };
  },
};

export const sandboxMendCommand: Command = {
  name: "sandbox mend",
  summary: "End a green's planted fault.",
  description: "The pod network of the faulty nodes starts, and with it the pods that waited for it.",
  positionals: [cluster],
  options: { ...sandboxName },
  examples: [{ command: "clustershift sandbox mend green-2026", what: "" }],
  async run(args, { edges }) {
    const { mendGreen } = await loadGreen();
    const mended = await mendGreen({ sandbox: String(args.name), name: String(args.cluster), env: edges.env });
    if (mended.length === 0) {
      throw new UserError({
        code: "usage",
        what: `${String(args.cluster)} has no fault.`,
        fix: "Nothing has to be done.",
      });
    }
    return { code: "ok", json: { mended }, text: `Mended ${mended.length} node(s): ${mended.join(", ")}.` };
  },
};
