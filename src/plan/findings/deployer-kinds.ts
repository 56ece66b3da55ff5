/** What writes a cluster from Git, as `Kind.group`. */
export const deployers = [
  "Application.argoproj.io",
  "Kustomization.kustomize.toolkit.fluxcd.io",
  "HelmRelease.helm.toolkit.fluxcd.io",
];
