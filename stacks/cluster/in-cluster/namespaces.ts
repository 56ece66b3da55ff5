import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../settings/cluster-settings.js";

/** How strictly Pods of a namespace are looked at; the labels of Pod Security admission. */
export function podSecurityLabels({
  enforce,
  warn = enforce,
}: ClusterSettings["namespaces"][string]): Record<string, string> {
  return {
    "pod-security.kubernetes.io/enforce": enforce,
    "pod-security.kubernetes.io/warn": warn,
    "pod-security.kubernetes.io/audit": warn,
  };
}

/** Namespaces that are held to a level of Pod security before any of blue's objects arrives in them. */
export class Namespaces extends pulumi.ComponentResource {
  constructor(
    name: string,
    namespaces: ClusterSettings["namespaces"],
    within: pulumi.CustomResourceOptions,
    options: pulumi.ComponentResourceOptions,
  ) {
    super("clustershift:cluster:Namespaces", name, {}, options);
    for (const [each, levels] of Object.entries(namespaces)) {
      const metadata = { name: each, labels: podSecurityLabels(levels) };
      new Namespace(`${name}-${each}`, { metadata }, { ...within, parent: this });
    }
    this.registerOutputs({});
  }
}
