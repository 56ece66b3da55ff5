import { neverOverruled, whyNeverOverruled } from "../../src/model/rule-names.js";
import { waveNames, waveOfKindKey } from "../../src/replay/order.js";
import { kindsWithReferences } from "../../src/replay/references/index.js";
import { madeByOwner } from "../../src/replay/rules/derived.js";
import { rules } from "../../src/replay/rules/index.js";
import { perClusterKind } from "../../src/replay/rules/per-cluster-kinds.js";
import type { Rule } from "../../src/replay/rules/rule.js";
import { stripRules } from "../../src/replay/strip.js";
import { tolerances } from "../../src/replay/tolerances.js";
import { builtInKinds } from "./built-in-kinds.js";
import { code, document, head, type Page, table } from "./page.js";

export const rulesPage: Page = {
  path: "docs/rules.md",
  render: () =>
    document(
      head("Rules", "src/replay/rules/, src/replay/order.ts and src/replay/tolerances.ts"),
      [
        "Each object of blue is copied, unless one of these rules says otherwise. The first that applies decides, the team's own",
        "(`replay.skip` in [clustershift.yaml](configuration.md#replay)) before all of these. The accounting shows the rule's",
        "name beside each object that wasn't simply copied.",
      ].join("\n"),
      table(
        ["rule", "ends as", "kinds", "why", "`replay.keep`"],
        rules.map(({ id, ending, kinds, reason }) => [
          code(id),
          ending,
          kinds === undefined ? "any" : id === "per-cluster-kind" ? "see below" : kinds.map(code).join("\n"),
          reason,
          ending === "merged" ? "" : whyNeverOverruled(id) === undefined ? "overrules it" : "no",
        ]),
      ),
      "## Overruling a rule",
      [
        "`replay.keep` names objects that are copied although a rule would leave them behind: although any rule would, the team's",
        "own too, or only the one that the entry names. It goes before everything else. What a rule would merge is merged all the",
        "same. What `replay.deployers` leaves to its deployer (rule `left-to-deployer`) can be kept too. An object needs its",
        "namespace and the definition of its kind: keep those as well. These rules can't be overruled:",
      ].join("\n"),
      table(
        ["rule", "why not"],
        Object.entries(neverOverruled).map(([rule, why]) => [code(rule), why]),
      ),
      "## What is left to its deployer",
      [
        "The plan groups what is copied by what made it: a Helm release, an Argo CD application, Flux, an operator, Terraform or",
        "Pulumi, `kubectl apply`, or nobody that is known. An entry of `replay.deployers` leaves a group to its deployer: its",
        "objects are skipped by `left-to-deployer`, and `migrate` waits until each exists on green. Copied all the same are",
        "namespaces, definitions, and what tells Argo CD and Flux what to bring, since others need them first. A release's own",
        "record is left with it. What nobody is known to deploy is always copied, and the plan lists it object by object.",
      ].join("\n"),
      "## What is left to Velero",
      [
        "Claims of which the plan says that [Velero restores their volumes](velero.md#restores-of-volumes) end as derived, by `left-to-velero`: Velero",
        "makes claim and volume together, and passes over what is there. What mounts them is held on green by `velero-volumes` until they are restored.",
      ].join("\n"),
      "## Kinds that stay with their cluster",
      "All by the rule `per-cluster-kind`.",
      table(
        ["kind", "why"],
        perClusterKinds().map(({ kind, why }) => [code(kind), why]),
      ),
      "## The order of a replay",
      [
        "Objects are written in waves, each when those before it are there. Nothing comes before its namespace, the definition of its",
        "kind, or its owners. Kinds that aren't named below, such as custom resources, come in the wave `others`.",
      ].join("\n"),
      `${waveNames.map(code).join(", ")}.`,
      "## Every built-in kind",
      [
        "What an API server of 1.35 serves by itself, and what may decide over an object of the kind. Rules that look at objects of any kind",
        "are not repeated: being deleted, a namespace or definition that stays behind, and the like. A kind without a rule is copied",
        "as it is, but for [what each server writes itself](#what-is-taken-off-each-object). The plan checks what the objects of the",
        "kind name, where it says so: a reference to something that won't be on green is a finding.",
      ].join("\n"),
      table(
        ["kind", "wave", "rules", "references checked"],
        builtInKinds.map((kind) => [code(kind), ...fateOf(kind), kindsWithReferences.includes(kind) ? "yes" : ""]),
      ),
      "## What is taken off each object",
      table(
        ["what", "kinds", "why"],
        stripRules.map(({ id, kinds, reason }) => [code(id), kinds?.map(code).join("\n") ?? "any", reason]),
      ),
      "## Differences that parity declares",
      [
        "Parity compares what was sent with what green has. These differences are as they should be; they're counted by name.",
        "Any other difference fails the check.",
      ].join("\n"),
      table(
        ["difference", "why it is none"],
        tolerances.map(({ id, reason }) => [code(id), reason]),
      ),
    ),
};

/** The wave in which a kind is written, and the rules that look at it; a kind that stays with its cluster has no wave. */
function fateOf(kind: string): [wave: string, rules: string] {
  const makers = Object.entries(madeByOwner).filter(([, made]) => made.includes(kind));
  const looksAt = ({ id, kinds }: Rule): boolean =>
    kinds?.includes(kind) === true || (id === "made-by-owner" && (makers.length > 0 || kind === "Pod"));
  const ids = rules.filter(looksAt).map(({ id }) => code(id));
  return [isPerCluster(kind) ? "never written" : code(waveOfKindKey(kind)), ids.join("\n")];
}

function isPerCluster(key: string): boolean {
  return perClusterKinds().some(({ kind }) => kind === key);
}

function perClusterKinds(): { kind: string; why: string }[] {
  const kinds = rules.flatMap(({ kinds }) => kinds ?? []).filter((kind, index, all) => all.indexOf(kind) === index);
  return kinds.flatMap((key) => {
    const [kind = key, ...group] = key.split(".");
    const why = perClusterKind({ kind, group: group.join(".") });
    return why === undefined ? [] : [{ kind: key, why }];
  });
}
