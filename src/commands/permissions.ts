import { stringify } from "yaml";
import { bluePermissions, greenPermissions } from "../kube/permissions.js";
import type { Command } from "./shared/command.js";

export const permissionsCommand: Command = {
  name: "permissions",
  summary: "Print the identity and role that clustershift needs in a cluster.",
  description:
    "Prints manifests for kubectl: a namespace, a ServiceAccount, and a role. Blue's can only get, list and watch; green's is not cluster-admin, and says why it needs what it needs.",
  positionals: [{ name: "cluster", describe: "Whose.", choices: ["blue", "green"] }],
  options: {},
  examples: [{ command: "clustershift permissions blue | kubectl --context blue-admin apply -f -", what: "" }],
  async run(args) {
    const objects = args.cluster === "blue" ? bluePermissions() : greenPermissions();
    return { code: "ok", json: { objects }, text: objects.map((object) => stringify(object)).join("---\n") };
  },
};
