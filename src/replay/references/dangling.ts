import { compareText } from "../../model/canonical.js";
import type { Dangling } from "../../model/dangling.js";
import { kindKey, type ObjectRef, refKey, refOf } from "../../model/objects.js";
import { leftRule } from "../deployers/configured.js";
import type { Prepared } from "../prepare.js";
import type { ReplayPlan } from "../replay.js";
import { veleroRule } from "../rules/left-to-velero.js";
import { perClusterKind } from "../rules/per-cluster-kinds.js";
import { referencesOf } from "./index.js";
import { anyNamespace } from "./reference.js";

/** Rules whose objects green has all the same, under the same name: it makes them, or its installer or a deployer does. */
const thereAnyway = new Set([
  leftRule,
  veleroRule,
  "api-server-service",
  "root-ca",
  "system-config",
  "controller-account",
  "bootstrap-rbac",
  "bootstrap-flow-control",
  "system-priority-class",
  "local-api-service",
  "copied-by-olm",
  "kops-add-on",
  "network-add-on",
  "installer-rbac",
  "installer-config",
]);

/**
 * What arriving objects name, and green won't have: a rule left it behind, or it never was. Pure. Checked against what
 * arrives, what green makes by itself, and what its deployer brings.
 */
export function danglingReferences({ prepared, choices }: ReplayPlan): Dangling[] {
  const there = new Set(prepared.departures.map(({ object }) => refKey(refOf(object))));
  const left = new Map<string, string>();
  for (const { object, ending, by } of prepared.settled) {
    if (ending === "derived" || ending === "skipped" ? thereAnyway.has(by ?? "") : false) there.add(refKey(object));
    else left.set(refKey(object), by ?? ending);
  }
  // Of a kind that was not listed nothing can be said.
  const kinds = new Set(choices.map(({ groupKind }) => kindKey(groupKind)));

  const found = new Map<string, Dangling>();
  for (const { object, source } of prepared.departures) {
    for (const { to: named, field } of referencesOf(object)) {
      const to = named.namespace === anyNamespace ? placed(named, prepared.settled) : named;
      if (!to) continue;
      const key = refKey(to);
      if (there.has(key) || isInEveryCluster(to) || !kinds.has(kindKey(to)) || perClusterKind(to)) continue;
      const by = left.get(key);
      const dangling = found.get(key) ?? {
        to,
        because: by === undefined ? { kind: "never-there" } : { kind: "left", by },
        from: [],
      };
      dangling.from.push({ object: source, field });
      found.set(key, dangling);
    }
  }
  return [...found.values()].sort((a, b) => compareText(refKey(a.to), refKey(b.to)));
}

/** What is named without its namespace, where something of that name stays behind; what was never there isn't known. */
function placed({ kind, name }: ObjectRef, settled: Prepared["settled"]): ObjectRef | undefined {
  return settled.find(({ object }) => object.group === "" && object.kind === kind && object.name === name)?.object;
}

/** What each cluster has, whoever listed it or not. */
function isInEveryCluster({ group, kind, name }: ObjectRef): boolean {
  return (
    (group === "" && kind === "ServiceAccount" && name === "default") ||
    (group === "" && kind === "ConfigMap" && name === "kube-root-ca.crt") ||
    (group === "scheduling.k8s.io" && name.startsWith("system-"))
  );
}
