/**
 * The versions of every program that the sandbox runs: the one place to change them. Blue is Kubernetes 1.24.17 and
 * green 1.35.4 unless asked otherwise; 1.21.14 and 1.15.12 are fetched or built only when asked for.
 */
export const kubernetesVersions = ["1.35.4", "1.24.17", "1.21.14", "1.15.12"] as const;

export const toolVersions = {
  etcd: "3.6.5",
  kwok: "0.7.0",
  kwokctl: "0.7.0",
  pulumi: "3.200.0",
  velero: "1.17.1",
  "velero-plugin-for-aws": "1.14.3",
  moto: "5.2.5",
  // Peers of the benchmarks.
  octodns: "1.22.0",
  "octodns-route53": "1.3.1",
} as const;

/**
 * Seconds that a build took on two cores with an empty Go cache: the first estimate that is shown, until this machine has
 * its own. The API server's figure of a release carries its shared packages; with OpenAPI generated it carries that too.
 */
export const firstEstimates: Readonly<Record<string, number>> = {
  "kube-apiserver@1.35.4": 247,
  "kube-controller-manager@1.35.4": 88,
  "kube-scheduler@1.35.4": 8,
  "kube-apiserver@1.24.17": 149,
  "kube-controller-manager@1.24.17": 38,
  "kube-scheduler@1.24.17": 12,
  "kube-apiserver@1.21.14": 276,
  "kube-controller-manager@1.21.14": 38,
  "kube-scheduler@1.21.14": 12,
  "kube-apiserver@1.15.12": 192,
  "kube-controller-manager@1.15.12": 34,
  "kube-scheduler@1.15.12": 4,
  etcd: 26,
  kwok: 94,
  kwokctl: 14,
  pulumi: 122,
  velero: 185,
  "velero-plugin-for-aws": 146,
  moto: 60,
  octodns: 30,
};

export type KubernetesVersion = (typeof kubernetesVersions)[number];

export const kubernetesComponents = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
export type KubernetesComponent = (typeof kubernetesComponents)[number];

export type GoTool = "etcd" | "kwok" | "kwokctl" | "pulumi" | "velero" | "velero-plugin-for-aws";

/** What is asked for: `etcd`, or `kube-apiserver@1.24.17` where several versions live side by side. */
export type BinaryName = GoTool | `${KubernetesComponent}@${KubernetesVersion}`;

/** Every binary that can be asked for. */
export const binaryNames: readonly BinaryName[] = [
  "etcd",
  "kwok",
  "kwokctl",
  "pulumi",
  "velero",
  "velero-plugin-for-aws",
  ...kubernetesVersions.flatMap((version) => kubernetesBinaries(version)),
];

/** The three binaries of a control plane of one version. */
export function kubernetesBinaries(version: KubernetesVersion): BinaryName[] {
  return kubernetesComponents.map((component) => `${component}@${version}` as const);
}

/** All that a control plane of one version needs. */
export function controlPlaneBinaries(version: KubernetesVersion): BinaryName[] {
  return ["etcd", "kwok", "kwokctl", ...kubernetesBinaries(version)];
}

/** Whether the sandbox knows this exact version, e.g. `1.24.17`. */
export function isKubernetesVersion(version: string): version is KubernetesVersion {
  return (kubernetesVersions as readonly string[]).includes(version);
}
