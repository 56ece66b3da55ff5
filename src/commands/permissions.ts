import { stringify } from "yaml";
import { blueHandOverPermissions, bluePermissions, greenPermissions } from "../kube/permissions.js";
import type { KubeObject } from "../model/objects.js";
import type { Command, Context } from "./shared/command.js";
import { openProject } from "./shared/project.js";

export const permissionsCommand: Command = {
  name: "permissions",
  summary: "Print the identity and role that clustershift needs in a cluster.",
  description:
    "Prints manifests for kubectl: a namespace, a ServiceAccount, and a role. Blue's can only get, list and watch; green's is not cluster-admin, and says why it needs what it needs. That of blue-hand-over is for workloads.exclusive alone: it can get and patch the kinds that the configuration's rules select, by name where all rules of a kind name their objects.",
  positionals: [{ name: "cluster", describe: "Whose.", choices: ["blue", "green", "blue-hand-over"] }],
  options: {},
  examples: [
    { command: "clustershift permissions blue | kubectl --context blue-admin apply -f -", what: "" },
    {
      command: "clustershift permissions blue-hand-over | kubectl --context blue-admin apply -f -",
      what: "where workloads are handed over",
    },
  ],
  async run(args, context) {
    const objects = await objectsFor(String(args.cluster), context);
    return { code: "ok", json: { objects }, text: objects.map((object) => stringify(object)).join("---\n") };
  },
};

async function objectsFor(cluster: string, context: Context): Promise<KubeObject[]> {
  if (cluster === "blue") return bluePermissions();
  if (cluster === "green") return greenPermissions();
  const { workloads } = (await openProject(context)).config;
  return blueHandOverPermissions(workloads.exclusive.rules);
}
