import type { KubeObject } from "../../../model/objects.js";

/** The issuer that blue's API server is told, where its pods show it: IAM's providers are found by it. */
export function issuerOf(objects: readonly KubeObject[]): string | undefined {
  const servers = objects.filter(
    ({ apiVersion, kind, metadata }) =>
      apiVersion === "v1" &&
      kind === "Pod" &&
      metadata.namespace === "kube-system" &&
      metadata.name.startsWith("kube-apiserver"),
  );
  for (const { spec } of servers) {
    // kops gives one line to a shell, kubeadm one argument after another.
    const [, issuer] = /--service-account-issuer=(https:\/\/[^\s"'\\]+)/.exec(JSON.stringify(spec)) ?? [];
    if (issuer !== undefined) return issuer;
  }
  return undefined;
}
