import { textAt } from "../../model/json.js";
import type { KubeObject } from "../../model/objects.js";
import { type Deployer, placeOf, type Recogniser } from "./deployer.js";

/** A release: `shop/web`, or its bare name for those of Helm 2, whose names were one cluster's. */
export interface Release {
  namespace?: string;
  name: string;
}

/** Helm 3 marks what it made, and takes over nothing that isn't marked so. Helm 2 left it to each chart's labels. */
export const helm: Recogniser = (object, context) => {
  const release = releaseOf(object) ?? storedRelease(object) ?? hookOf(object, context.listed("Secret"));
  return release && helmRelease(release);
};

export function helmRelease({ namespace, name }: Release): Deployer {
  return { id: `helm ${placeOf(namespace, name)}`, kind: "helm" };
}

function releaseOf({ metadata: { annotations = {}, labels = {} } }: KubeObject): Release | undefined {
  const name = annotations["meta.helm.sh/release-name"];
  const namespace = annotations["meta.helm.sh/release-namespace"];
  if (name && namespace && labels["app.kubernetes.io/managed-by"] === "Helm") return { namespace, name };
  if (labels.heritage === "Tiller" && labels.release) return { name: labels.release };
  return undefined;
}

/** The release whose history a Secret or ConfigMap holds. */
export function storedRelease(object: KubeObject): Release | undefined {
  if (object.apiVersion !== "v1" || (object.kind !== "Secret" && object.kind !== "ConfigMap")) return undefined;
  const { namespace, labels = {} } = object.metadata;
  if (labels.owner === "helm" && labels.name) return { ...(namespace ? { namespace } : {}), name: labels.name };
  if (labels.OWNER === "TILLER" && labels.NAME) return { name: labels.NAME };
  return undefined;
}

/** Hooks get no marks of their own: only the labels that charts by custom give, where there is a release of that name. */
function hookOf({ metadata }: KubeObject, secrets: Iterable<KubeObject>): Release | undefined {
  if (metadata.annotations?.["helm.sh/hook"] === undefined) return undefined;
  const name = metadata.labels?.["app.kubernetes.io/instance"] ?? metadata.labels?.release;
  for (const secret of secrets) {
    if (secret.metadata.namespace !== metadata.namespace || textAt(secret, "type") !== "helm.sh/release.v1") continue;
    const release = storedRelease(secret);
    if (release && release.name === name) return release;
  }
  return undefined;
}
