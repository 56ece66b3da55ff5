import { isObject, listAt, textAt } from "../../model/json.js";
import { type KubeObject, kindKey } from "../../model/objects.js";
import type { Deployer, Recogniser } from "./deployer.js";

/** What an operator made for an owner of any kind; all owners of a kind are one group. */
export const operator: Recogniser = (object, context) => {
  const owner = context.controller(object);
  const { labels = {}, annotations = {} } = object.metadata;
  const kind =
    (owner && kindKey(owner)) ??
    (labels["olm.owner"] === undefined
      ? undefined
      : `${labels["olm.owner.kind"] ?? "OperatorGroup"}.operators.coreos.com`) ??
    // cert-manager's Secrets have no owner unless it's told to set one.
    (annotations["cert-manager.io/certificate-name"] === undefined ? undefined : "Certificate.cert-manager.io");
  return kind === undefined ? undefined : { id: `operator ${kind}`, kind: "operator" };
};

/** Tools whose description of a cluster lies elsewhere: they sign what they write. */
export const infrastructureCode: Recogniser = (object) => {
  const { labels = {}, annotations = {} } = object.metadata;
  const by = labels["app.kubernetes.io/managed-by"]?.toLowerCase();
  const managers = managersOf(object);
  if (
    by === "pulumi" ||
    Object.keys(annotations).some((name) => name.startsWith("pulumi.com/")) ||
    managers.some(({ name }) => name.startsWith("pulumi-"))
  ) {
    return { id: "pulumi", kind: "infrastructure-code" };
  }
  if (by === "terraform" || managers.some(({ name }) => name === "Terraform" || name === "HashiCorp")) {
    return { id: "terraform", kind: "infrastructure-code" };
  }
  return undefined;
};

/** Applied from manifests that are kept somewhere: by kubectl, or by what works as it does. */
export const kubectl: Recogniser = (object) => {
  const applied =
    object.metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"] !== undefined ||
    managersOf(object).some(
      ({ name, operation }) => name === "kubectl-client-side-apply" || (name === "kubectl" && operation === "Apply"),
    );
  return applied ? { id: "kubectl apply", kind: "kubectl" } : undefined;
};

/** Neither a tool nor a manifest is known. */
export const nobody: Deployer = { id: "nobody known", kind: "hand" };

/** The StatefulSet whose template a claim was made from: `TEMPLATE-SET-ORDINAL`, as its controller names them. */
export function setOfClaim(object: KubeObject, sets: Iterable<KubeObject>): KubeObject | undefined {
  if (object.kind !== "PersistentVolumeClaim" || object.apiVersion !== "v1") return undefined;
  const { name, namespace } = object.metadata;
  const base = /^(.+)-\d+$/.exec(name)?.[1];
  for (const set of sets) {
    if (set.metadata.namespace !== namespace) continue;
    const templates = listAt(set, "spec", "volumeClaimTemplates");
    if (templates.some((template) => `${textAt(template, "metadata", "name")}-${set.metadata.name}` === base))
      return set;
  }
  return undefined;
}

function managersOf({ metadata }: KubeObject): { name: string; operation: string }[] {
  return (metadata.managedFields ?? [])
    .filter(isObject)
    .map((entry) => ({ name: textAt(entry, "manager") ?? "", operation: textAt(entry, "operation") ?? "" }));
}
