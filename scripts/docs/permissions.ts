import { stringify } from "yaml";
import { needs } from "../../src/aws/permissions/needs.js";
import { phases } from "../../src/aws/permissions/phases.js";
import { clusterNeeds, foundationNeeds, type ResourceNeeds } from "../../src/aws/permissions/stack-needs.js";
import { sweepNeeds } from "../../src/aws/permissions/sweep-needs.js";
import {
  blueBackupPermissions,
  blueDrainPermissions,
  blueHandOverPermissions,
  bluePermissions,
  greenPermissions,
} from "../../src/kube/permissions.js";
import type { KubeObject } from "../../src/model/objects.js";
import { code, document, head, type Page, shell, table } from "./page.js";

export const permissionsPage: Page = {
  path: "docs/permissions.md",
  render: () =>
    document(
      head("Permissions", "src/kube/permissions.ts and src/aws/permissions/"),
      [
        "What clustershift needs of each cluster, as the objects that an administrator applies. `clustershift permissions blue`",
        "and `clustershift permissions green` print the same, and `clustershift permissions blue-hand-over`, `blue-drain` and `blue-backup` what their sections say. What it needs",
        "of AWS, phase by phase, [stands below](#aws).",
      ].join("\n"),
      shell("clustershift permissions blue | kubectl --context BLUE apply -f -"),
      "## Blue",
      [
        "Get, list and watch, and nothing else. The client for blue has no method that writes, so a wider role would not be",
        "used; this one lets the server say so too.",
      ].join("\n"),
      manifests(bluePermissions()),
      "## Blue, for the hand-over",
      [
        "Only where `workloads.exclusive` has rules: an identity of its own, by which exclusive workloads are stopped on blue and",
        "started again. `clustershift permissions blue-hand-over` prints it for the rules of the configuration: only the kinds that",
        "they select, and only the objects by name where each rule of a kind names one. This is the widest:",
      ].join("\n"),
      manifests(blueHandOverPermissions()),
      "## Blue, for the drain",
      [
        "Only where `blue.teardown.drain` is set: an identity of its own, by which Services of type LoadBalancer and Ingresses of the AWS",
        "Load Balancer Controller are deleted right before blue is removed. Take it away with blue.",
      ].join("\n"),
      manifests(blueDrainPermissions()),
      "## Blue, for backups",
      [
        "Only where `backup.velero` is set: an identity of its own, by which `backup create` has blue's Velero make a backup. It can change",
        "and delete nothing, and is of Velero's namespace, as the configuration names it.",
      ].join("\n"),
      manifests(blueBackupPermissions()),
      "## Green",
      [
        "Less than cluster-admin: nothing is ever deleted but claims that get a later copy of their volume, and Pods by which Velero put",
        "files into volumes; and nobody is impersonated. Whoever may write roles is as powerful in the end, so take it away when the run is over.",
      ].join("\n"),
      manifests(greenPermissions()),
      "## AWS",
      [
        "`clustershift permissions aws PHASE` prints an IAM policy for a part of a migration: what that calls and no more. Where",
        "clustershift.yaml is there it is cut to its names: `ChangeResourceRecordSets` to the zones' ids, the names that move, their marks",
        "and external-dns' records of them; load balancers to their listeners; addresses to instances of the two clusters; stacks to what",
        "carries their names and tags. Without, `*` stands for each name. What stays open is said on standard error. IAM takes 6,144",
        "characters in a policy, so there may be several documents; all of them are needed.",
      ].join("\n"),
      shell("clustershift permissions aws cutover > policy.json"),
      table(["phase", "for"], phaseRows()),
      [
        "An external-dns with a prefix or suffix of its own (`--txt-prefix`) has TXT records of other names: add these to the condition. A",
        "kops state store (`init --kops s3://…`) wants `s3:ListBucket` and `s3:GetObject` on it. `sts:GetCallerIdentity` needs no permission.",
        "Tests compare what each phase really calls with its policy, and work with an emulator that refuses what a policy lacks; it evaluates",
        "neither conditions nor resources. What stacks need is a table by type of resource, which every type must be in.",
      ].join("\n"),
      "### What clustershift calls itself",
      table(["action", "what for", "phases"], ownRows()),
      "### What a cluster stack takes",
      "By type of resource: phase `up` has all of it, and `teardown` the last two columns for a blue that a stack made.",
      table(["resource", "to be made and changed", "to be looked at", "to be removed"], stackRows(clusterNeeds)),
      "### What a foundation stack takes",
      table(["resource", "to be made and changed", "to be looked at", "to be removed"], stackRows(foundationNeeds)),
      "### What teardown finds and removes",
      [
        "[teardown](teardown.md) lists what blue's controllers left, and `teardown --sweep --remove-orphans` deletes what it is asked to, only",
        "what carries blue's own mark: the tag `kubernetes.io/cluster/NAME` with the value `owned`, or that of the controller that made it.",
        "Where a kind can't be read it isn't looked at, and nothing of it is deleted.",
      ].join("\n"),
      table(
        ["action", "what for"],
        sweepNeeds.map(([, action, why]) => [code(action), why]),
      ),
    ),
};

function phaseRows(): string[][] {
  return Object.entries(phases).map(([phase, what]) => [code(phase), what]);
}

/** One row an action: it may be used in several places. */
function ownRows(): string[][] {
  const actions = [...new Set(needs.map(({ action }) => action))];
  return actions.map((action) => {
    const own = needs.filter((need) => need.action === action);
    const named = [...new Set(own.flatMap((need) => need.phases))];
    return [code(action), own.map(({ why }) => why).join("; "), named.join(", ")];
  });
}

function stackRows(table: Record<string, ResourceNeeds>): string[][] {
  const actionsOf = (rows: ResourceNeeds["make"]) =>
    [...new Set(rows.flatMap(([, ...actions]) => actions))].map(code).join(" ");
  return Object.entries(table).map(([type, { make, read, remove }]) => [
    code(type.replace(/^.*:/, "")),
    ...[make, read, remove].map(actionsOf),
  ]);
}

function manifests(objects: KubeObject[]): string {
  const documents = objects.map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
  return `\`\`\`yaml\n${documents}\`\`\``;
}
