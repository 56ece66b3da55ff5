import { groupOf, type KubeObject } from "../../model/objects.js";
import { type Deployer, type DeployerContext, placeOf, type Recogniser } from "./deployer.js";

/** What carries Argo CD's tracking annotation. Where no such Application is listed, it deploys from another cluster. */
export const argoCdTracked: Recogniser = (object, context) => {
  const name = trackedBy(object);
  return name === undefined ? undefined : (application(name, context) ?? { id: `argo-cd ${name}`, kind: "argo-cd" });
};

/** What carries the label of older settings. Helm charts use the same: it counts only where there is such an Application. */
export const argoCdLabelled: Recogniser = ({ metadata: { labels = {} } }, context) => {
  const name = labels["argocd.argoproj.io/instance"] ?? labels["app.kubernetes.io/instance"];
  return name === undefined ? undefined : application(name, context);
};

/** An Application outside of Argo CD's own namespace is called NAMESPACE_NAME. */
function application(name: string, context: DeployerContext): Deployer | undefined {
  for (const { metadata } of context.listed("Application.argoproj.io")) {
    if (metadata.name === name || `${metadata.namespace}_${metadata.name}` === name) {
      return { id: `argo-cd ${placeOf(metadata.namespace, metadata.name)}`, kind: "argo-cd" };
    }
  }
  return undefined;
}

/** The annotation says `APPLICATION:GROUP/KIND:NAMESPACE/NAME`: a copy of it on another object counts for nothing. */
function trackedBy({ apiVersion, kind, metadata }: KubeObject): string | undefined {
  const id = metadata.annotations?.["argocd.argoproj.io/tracking-id"];
  const [application, groupKind, place = ""] = id?.split(":", 3) ?? [];
  const isThis =
    groupKind === `${groupOf(apiVersion)}/${kind}` && place.slice(place.indexOf("/") + 1) === metadata.name;
  return isThis && application !== "" ? application : undefined;
}
