import type { KubeObject, ObjectRef } from "../../model/objects.js";
import type { PlannedDeployer } from "../../model/plan.js";

/** What made an object, and would make it again. */
export interface Deployer {
  /** As the plan names it, and the configuration: `helm shop/web`, `argo-cd argocd/shop`. */
  id: string;
  kind: PlannedDeployer["kind"];
}

/** What can be asked of blue's listing. */
export interface DeployerContext {
  /** Every object of a kind, `Kind.group`. */
  listed(kind: string): Iterable<KubeObject>;
  /** The controlling owner, where blue listed it. */
  controller(object: KubeObject): ObjectRef | undefined;
}

/** Knows the work of one kind of deployer; undefined where it isn't that. */
export type Recogniser = (object: KubeObject, context: DeployerContext) => Deployer | undefined;

/** `shop/web`, or `web` for what has no namespace. */
export function placeOf(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}
