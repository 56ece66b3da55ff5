import { minorOf } from "../binaries/recipe.js";
import type { KubernetesVersion } from "../binaries/versions.js";
import type { ControlPlanePorts } from "./ports.js";

/** The programs by kwokctl's names for them. */
export const components = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok-controller",
] as const;
export type Component = (typeof components)[number];

/** Further flags, without their dashes: `{ "kube-apiserver": { "watch-cache": "false" } }`. */
export type ExtraArguments = Partial<Record<Component, Record<string, string>>>;

export interface KwokctlSettings {
  version: KubernetesVersion;
  ports: ControlPlanePorts;
  programs: Record<Component, string>;
  /** Whether nodes with the annotation kwok.x-k8s.io/node=fake come alive. */
  kwok: boolean;
  /** Whether etcd waits for the disk. Honest figures need it; tests don't. */
  fsync: boolean;
  auditPolicyFile?: string;
  extra?: ExtraArguments;
}

/** Which nodes kwok plays the kubelet for. By itself kwokctl gives it all of them, real ones too. */
export const kwokAnnotation = { key: "kwok.x-k8s.io/node", value: "fake" };

/** The document for `kwokctl create cluster --config`: its options for a control plane of plain processes on loopback. */
export function kwokctlConfig({
  version,
  ports,
  programs,
  kwok,
  fsync,
  auditPolicyFile,
  extra,
}: KwokctlSettings): object {
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      kubeVersion: `v${version}`,
      // By itself kwokctl opens etcd, without authentication, on every address.
      bindAddress: "127.0.0.1",
      disableQPSLimits: true,
      kubeApiserverPort: ports.apiServer,
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      kwokControllerPort: ports.kwok,
      etcdBinary: programs.etcd,
      kubeApiserverBinary: programs["kube-apiserver"],
      kubeControllerManagerBinary: programs["kube-controller-manager"],
      kubeSchedulerBinary: programs["kube-scheduler"],
      kwokControllerBinary: programs["kwok-controller"],
      ...(kwok ? {} : { disable: ["kwok-controller"] }),
      ...(auditPolicyFile ? { kubeAuditPolicy: auditPolicyFile } : {}),
    },
    // These flags come after kwokctl's own, and of a flag that is given twice the last one counts.
    componentsPatches: components.map((name) => ({
      name,
      extraArgs: Object.entries({ ...ownArguments(name, minorOf(version), fsync), ...extra?.[name] }).map(
        ([key, value]) => ({ key, value }),
      ),
    })),
  };
}

function ownArguments(component: Component, minor: number, fsync: boolean): Record<string, string> {
  switch (component) {
    case "etcd":
      return fsync ? {} : { "unsafe-no-fsync": "true" };
    case "kube-apiserver":
      // Until 1.19 the server opens port 8080 too, without authentication.
      return minor < 20 ? { "insecure-port": "0" } : {};
    case "kube-controller-manager":
    case "kube-scheduler":
      return {
        // By itself each ends when it couldn't renew its lease for ten seconds: on a busy machine that is soon, and nobody else leads here.
        "leader-elect-lease-duration": "45s",
        "leader-elect-renew-deadline": "40s",
        // Their old ports have fixed numbers, so those of two clusters collide.
        ...(minor < 20 && { port: "0" }),
      };
    case "kwok-controller":
      return {
        "manage-all-nodes": "false",
        "manage-nodes-with-annotation-selector": `${kwokAnnotation.key}=${kwokAnnotation.value}`,
        // A node whose lease another one holds is tried again after a quarter of this: so long does a mended node wait.
        "node-lease-duration-seconds": "20",
      };
  }
}

/** Who asked what of the API server, without bodies: enough to prove that a cluster was only read. */
export const metadataAuditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata" }],
};
