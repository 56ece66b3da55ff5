import { isObject, listAt, sameJson, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import { type JsonObject, type KubeObject, kindKey, refOf } from "../../../model/objects.js";
import { type Selector, selects } from "../../../model/selector.js";
import type { ChangeContext, Changed } from "../change.js";
import { mentionsOf } from "./mentions.js";
import { mapReferences, type Target } from "./references.js";

export type Renaming = { namespace: string } | { name: string };

/** What one renaming makes of an object, be it renamed itself or refer to what is; undefined where it's neither. */
export function renamed(
  object: KubeObject,
  select: Selector,
  renaming: Renaming,
  context: ChangeContext,
): Changed | undefined {
  return "namespace" in renaming
    ? inNamespace(object, { from: select.namespace ?? "", to: renaming.namespace }, context)
    : byName(object, select, renaming.name, context);
}

interface Names {
  from: string;
  to: string;
}

function inNamespace(object: KubeObject, { from, to }: Names, context: ChangeContext): Changed | undefined {
  const remarks: Remark[] = [];
  const copy = structuredClone(object);
  let certified = false;
  mapReferences(copy, (target) => {
    if (target.namespace === from && object.metadata.namespace === undefined && target.kind === "Service")
      certified = true;
    return target.namespace === from ? { ...target, namespace: to } : target;
  });
  renameInPlace(copy, { from, to });
  const { metadata } = copy;
  if (metadata.namespace === from) metadata.namespace = to;
  if (kindKey(refOf(object)) === "Namespace" && metadata.name === from) metadata.name = to;

  const taken = [...context.listed("Namespace")].some(({ metadata: { name } }) => name === to);
  if (taken && !sameJson(object, copy)) throw new Error(`blue has a namespace ${to} already: two would become one`);

  const left = mentionsOf(copy, from);
  if (left.length > 0) remarks.push(stillNamed(left, from, to));
  if (certified) remarks.push(otherCertificate(from, to));
  if (copy.type === "helm.sh/release.v1" && metadata.namespace === to && object.metadata.namespace === from) {
    remarks.push({
      id: "rename-helm-release",
      severity: "warning",
      why: `Helm's record of this release says namespace ${from} within.`,
      whatToDo: `Uninstalling or upgrading it in ${to} may act on ${from}: install the chart anew in ${to} after the cutover.`,
    });
  }
  return answer(object, copy, remarks);
}

function byName(object: KubeObject, select: Selector, to: string, context: ChangeContext): Changed | undefined {
  const remarks: Remark[] = [];
  const copy = structuredClone(object);
  const subject = (target: Target) =>
    target.name === select.name &&
    target.namespace === select.namespace &&
    target.kind.split(".")[0] === select.kind &&
    (select.group === undefined || target.kind.split(".").slice(1).join(".") === select.group);
  mapReferences(copy, (target) => (subject(target) ? { ...target, name: to } : target));
  if (selects(select, object)) {
    for (const { metadata } of context.listed(kindKey(refOf(object)))) {
      if (metadata.name === to && metadata.namespace === object.metadata.namespace)
        throw new Error(`blue has a ${object.kind} ${to} already: two would become one`);
    }
    copy.metadata.name = to;
    remarks.push({
      id: "rename-by-name",
      severity: "warning",
      why: `It's called ${to} on green. References in fields of built-in kinds are changed with it; texts (addresses, arguments, custom resources) are not.`,
      whatToDo: `Search manifests and configuration for ${object.metadata.name}, and change what means this object.`,
    });
  }
  return answer(object, copy, remarks);
}

function answer(object: KubeObject, copy: KubeObject, remarks: Remark[]): Changed | undefined {
  return sameJson(object, copy) && remarks.length === 0 ? undefined : { object: copy, remarks };
}

const perNamespace: Record<string, RegExp> = {
  User: /^(system:serviceaccount:)([^:]+)(:.*)$/,
  Group: /^(system:serviceaccounts:)([^:]+)()$/,
};
const matchedName = "kubernetes.io/metadata.name";

/** Annotations that name an object as `namespace/name`. */
const referring = [
  "cert-manager.io/inject-ca-from",
  "cert-manager.io/inject-ca-from-secret",
  "certmanager.k8s.io/inject-ca-from",
  "nginx.ingress.kubernetes.io/auth-secret",
  "nginx.ingress.kubernetes.io/auth-tls-secret",
  "nginx.ingress.kubernetes.io/proxy-ssl-secret",
];

/** A namespace's name where it stands by itself: in subjects, selectors of namespaces, lists of them, known annotations. */
function renameInPlace(object: KubeObject, { from, to }: Names): void {
  for (const subject of listAt(object, "subjects")) {
    if (!isObject(subject)) continue;
    const parts = perNamespace[textAt(subject, "kind") ?? ""]?.exec(textAt(subject, "name") ?? "");
    if (parts?.[2] === from) subject.name = `${parts[1]}${to}${parts[3]}`;
  }
  const { annotations = {}, labels } = object.metadata;
  for (const name of referring) {
    const value = annotations[name];
    if (value?.startsWith(`${from}/`)) annotations[name] = `${to}${value.slice(from.length)}`;
  }
  if (object.kind === "Namespace" && labels?.[matchedName] === from) labels[matchedName] = to;
  renameInSelectors(object, { from, to });
}

/** Every `namespaceSelector`, and the lists of namespaces that stand beside them in affinities. */
function renameInSelectors(value: unknown, names: Names): void {
  if (Array.isArray(value)) for (const each of value) renameInSelectors(each, names);
  if (!isObject(value)) return;
  for (const [field, inner] of Object.entries(value)) {
    if (field === "namespaceSelector" && isObject(inner)) renameInSelector(inner, names);
    else if (field === "namespaces" && "topologyKey" in value && Array.isArray(inner)) {
      value[field] = inner.map((each) => (each === names.from ? names.to : each));
    } else renameInSelectors(inner, names);
  }
}

function renameInSelector(selector: JsonObject, { from, to }: Names): void {
  const { matchLabels } = selector;
  if (isObject(matchLabels) && matchLabels[matchedName] === from) matchLabels[matchedName] = to;
  for (const expression of listAt(selector, "matchExpressions")) {
    if (!isObject(expression) || expression.key !== matchedName || !Array.isArray(expression.values)) continue;
    expression.values = expression.values.map((value) => (value === from ? to : value));
  }
}

/** Pointers that a finding shows. */
const mostShown = 5;

function stillNamed(pointers: readonly string[], from: string, to: string): Remark {
  const more = pointers.length > mostShown ? ` and ${pointers.length - mostShown} more` : "";
  return {
    id: "rename-mentioned",
    severity: "warning",
    why: `It seems to name the namespace ${from}, which is ${to} on green, at ${pointers.slice(0, mostShown).join(", ")}${more}. What a text means can't be known, so it isn't changed.`,
    whatToDo: "Look at each; change what means the namespace by a transform after this one.",
  };
}

function otherCertificate(from: string, to: string): Remark {
  return {
    id: "rename-certificate",
    severity: "warning",
    why: `It calls a Service of ${from} through TLS, which is in ${to} on green: the server's certificate is for the old name.`,
    whatToDo: `Have its certificate issued for NAME.${to}.svc, and its caBundle set, before green serves.`,
  };
}
