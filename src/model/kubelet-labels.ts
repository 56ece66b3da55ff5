/**
 * Whether kubelet refuses `--node-labels` with this key. Of the namespaces kubernetes.io and k8s.io it takes two, and a
 * few well-known labels, which EKS and the cloud provider set themselves.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
 */
export function refusedByKubelet(label: string): boolean {
  const slash = label.indexOf("/");
  if (slash < 0) return false;
  const namespace = label.slice(0, slash);
  const within = (domain: string) => namespace === domain || namespace.endsWith(`.${domain}`);
  if (!within("kubernetes.io") && !within("k8s.io")) return false;
  return !within("node.kubernetes.io") && !within("kubelet.kubernetes.io");
}
