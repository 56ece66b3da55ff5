import { textAt } from "../../model/json.js";
import type { KubeObject } from "../../model/objects.js";
import { type Deployer, placeOf, type Recogniser } from "./deployer.js";
import { type Release, storedRelease } from "./helm.js";

/** Flux labels what it made with the object that asked for it. Releases that it drives belong to it, not to Helm. */
export const flux: Recogniser = (object, context) => {
  const { labels = {} } = object.metadata;
  for (const [kind, group] of [
    ["HelmRelease", "helm.toolkit.fluxcd.io"],
    ["Kustomization", "kustomize.toolkit.fluxcd.io"],
  ] as const) {
    const name = labels[`${group}/name`];
    if (name) return fluxObject(kind, labels[`${group}/namespace`], name);
  }
  const release = storedRelease(object);
  return release && driverOf(release, context.listed("HelmRelease.helm.toolkit.fluxcd.io"));
};

/** The HelmRelease that drives a release, by the names that it gives it. */
function driverOf(release: Release, drivers: Iterable<KubeObject>): Deployer | undefined {
  for (const { metadata, spec } of drivers) {
    const target = textAt(spec, "targetNamespace");
    const name = textAt(spec, "releaseName") ?? (target ? `${target}-${metadata.name}` : metadata.name);
    const storage = textAt(spec, "storageNamespace") ?? metadata.namespace;
    if (name === release.name && storage === release.namespace) {
      return fluxObject("HelmRelease", metadata.namespace, metadata.name);
    }
  }
  return undefined;
}

function fluxObject(kind: string, namespace: string | undefined, name: string): Deployer {
  return { id: `flux ${kind} ${placeOf(namespace, name)}`, kind: "flux" };
}
