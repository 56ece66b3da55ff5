import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { stringify } from "yaml";
import { type Phase, phaseNames, phases } from "../aws/permissions/phases.js";
import { policiesFor } from "../aws/permissions/policy.js";
import { anyScope } from "../aws/permissions/scope.js";
import {
  blueBackupPermissions,
  blueDrainPermissions,
  blueHandOverPermissions,
  bluePermissions,
  greenPermissions,
} from "../kube/permissions.js";
import { UserError } from "../model/errors.js";
import type { KubeObject } from "../model/objects.js";
import type { Answer, Command, Context } from "./shared/command.js";
import { openNotes, scopeOf } from "./shared/permission-scope.js";
import { openProject } from "./shared/project.js";

export const permissionsCommand: Command = {
  name: "permissions",
  summary: "Print the identity and role that clustershift needs in a cluster, or its policy in AWS for a phase.",
  description:
    "Prints manifests for kubectl: a namespace, a ServiceAccount, and a role. Blue's can only get, list and watch; green's is not cluster-admin, and says why it needs what it needs. That of blue-hand-over is for workloads.exclusive alone: it can get and patch the kinds that the configuration's rules select, by name where all rules of a kind name their objects. That of blue-drain is for blue.teardown.drain alone: it can get and delete Services and Ingresses. That of blue-backup is for backup create alone: it can create backups in the namespace of blue's Velero. With aws and a phase it prints an IAM policy that allows what that phase calls and no more, cut to the names of clustershift.yaml where there is one; several documents, where one would be too large for IAM. What each action is for stands in docs/permissions.md.",
  positionals: [
    {
      name: "cluster",
      describe: "Whose.",
      choices: ["blue", "green", "blue-hand-over", "blue-drain", "blue-backup", "aws"],
    },
    { name: "phase", describe: "Of aws: for which part of a migration.", choices: phaseNames, optional: true },
  ],
  options: {},
  examples: [
    { command: "clustershift permissions blue | kubectl --context blue-admin apply -f -", what: "" },
    {
      command: "clustershift permissions blue-hand-over | kubectl --context blue-admin apply -f -",
      what: "where workloads are handed over",
    },
    {
      command: "clustershift permissions blue-drain | kubectl --context blue-admin apply -f -",
      what: "where blue is drained before it is removed",
    },
    {
      command: "clustershift permissions blue-backup | kubectl --context blue-admin apply -f -",
      what: "where blue's Velero is to make a backup",
    },
    {
      command: "clustershift permissions aws cutover > policy.json",
      what: "then: aws iam create-policy --policy-name clustershift-cutover --policy-document file://policy.json",
    },
  ],
  async run(args, context) {
    if (args.cluster === "aws") return awsPolicies(args.phase, context);
    if (args.phase !== undefined) throw misplaced(`${args.cluster} has no phases.`);
    const objects = await objectsFor(String(args.cluster), context);
    return { code: "ok", json: { objects }, text: objects.map((object) => stringify(object)).join("---\n") };
  },
};

async function objectsFor(cluster: string, context: Context): Promise<KubeObject[]> {
  if (cluster === "blue") return bluePermissions();
  if (cluster === "green") return greenPermissions();
  if (cluster === "blue-drain") return blueDrainPermissions();
  const { backup, workloads } = (await openProject(context)).config;
  if (cluster === "blue-backup") return blueBackupPermissions(backup.velero?.namespace);
  return blueHandOverPermissions(workloads.exclusive.rules);
}

/** Cut to the project where one is there; an administrator may have none yet. */
async function awsPolicies(phase: unknown, context: Context): Promise<Answer> {
  if (phase === undefined) throw misplaced("aws needs a phase.");
  const named = phase as Phase;
  const file = resolve(context.edges.cwd, context.args.config);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  const scope = there ? scopeOf((await openProject(context)).config) : anyScope;
  const policies = policiesFor(named, scope);
  const notes = openNotes(policies, there ? scope : undefined);
  for (const note of notes) context.progress.warn(note);
  return {
    code: "ok",
    json: { phase: named, what: phases[named], policies, notes },
    text: policies.map((policy) => JSON.stringify(policy, undefined, 2)).join("\n"),
  };
}

function misplaced(what: string): UserError {
  return new UserError({
    code: "usage",
    what,
    fix: `clustershift permissions aws ${phaseNames.join("|")}, or clustershift permissions blue|green|blue-hand-over|blue-drain|blue-backup`,
  });
}
