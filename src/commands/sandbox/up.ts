import { productionFor } from "../../../examples/production/aged/index.js";
import { refOf } from "../../model/objects.js";
import { kubernetesVersions } from "../../sandbox/binaries/versions.js";
import { sandboxVersion } from "../../sandbox/choices.js";
import { SandboxFolder } from "../../sandbox/sandbox-folder.js";
import type { Command } from "../shared/command.js";
import { binaryLines, sandboxName } from "../shared/sandbox-options.js";

export const sandboxUpCommand: Command = {
  name: "sandbox up",
  summary: "Start blue and the world around it on this machine.",
  description:
    "Starts a real control plane (etcd, API server, controllers, scheduler, kwok) that looks like the incident's production, an AWS emulator, a name server, an edge and the routing of Elastic IPs, all on loopback. Binaries are downloaded, or built from Go modules where a download can't be had, once, and kept under the user's cache directory. Green comes later, by `clustershift up`.",
  options: {
    ...sandboxName,
    blue: {
      type: "string",
      default: "1.24.17",
      describe: `Blue's Kubernetes version: ${kubernetesVersions.join(", ")}.`,
    },
  },
  examples: [{ command: "clustershift sandbox up", what: "then: clustershift init --sandbox default" }],
  async run(args, context) {
    const { edges, progress } = context;
    const folder = new SandboxFolder(edges.env, String(args.name));
    const blueVersion = sandboxVersion(String(args.blue));
    const { objects: workload, leftOut } = productionFor(blueVersion);
    // Loaded only here: a start of any other command needn't wait for it.
    const { sandboxUp } = await import("../../sandbox/up.js");
    const record = await sandboxUp({
      name: folder.name,
      blueVersion,
      workload,
      env: edges.env,
      now: edges.now,
      random: edges.random,
      signal: edges.signal,
      onStage: (stage) => progress.line(`sandbox: ${stage}`),
      onBinary: binaryLines(context),
    });
    const { addresses, ports, zone } = record;
    const host = `app.${zone.replace(/\.$/, "")}`;
    return {
      code: "ok",
      json: {
        sandbox: record,
        dir: folder.dir,
        kubeconfig: folder.kubeconfig,
        objects: workload.length,
        leftOut: leftOut.map(({ object, reason }) => ({ object: refOf(object), reason })),
      },
      text: [
        `Sandbox "${folder.name}" stands: blue is Kubernetes ${record.blueVersion} with ${workload.length} objects.`,
        ...(leftOut.length > 0
          ? [`  ${leftOut.length} of its workload are left out: they are younger than this version.`]
          : []),
        `  kubectl --kubeconfig ${folder.kubeconfig} --context blue get nodes`,
        `  curl --resolve ${host}:${ports.http}:${addresses.blue} http://${host}:${ports.http}/`,
        `  dig @${addresses.dns} -p ${ports.dns} ${host}`,
        `Next: clustershift init --sandbox ${folder.name}`,
      ].join("\n"),
    };
  },
};
