import type { Severity } from "../src/model/finding.js";
import { compareMinor, type KubeVersion, parseKubeVersion } from "../src/model/kube-version.js";

/** A known disruptive step between versions: what an upgrade across it, or a move across it, runs into. */
export interface Hop {
  /** Stable and kebab-case; findings name it. */
  id: string;
  /** The first release that has it, e.g. `1.24`; null for what lies in the calendar and not in a release. */
  at: string | null;
  severity: Severity;
  /** The distribution that it concerns: one's own steps, or any cluster. */
  appliesTo: "any" | "kops" | "eks";
  title: string;
  why: string;
  whatToDo: string;
  source: string;
}

const DEPRECATION_GUIDE = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/";

/** In the order of releases. Register here. */
export const hops: readonly Hop[] = [
  {
    id: "kops-etcd3-calico",
    at: "1.12",
    severity: "warning",
    appliesTo: "kops",
    title: "kops 1.12 moves etcd 2 to etcd 3, and calico with it",
    why: "In place the control plane is down while all masters are replaced at once, and pods lose their network where calico keeps its data in etcd; several masters make it worse.",
    whatToDo:
      "Don't upgrade blue in place, also not as a first step. Green starts with its own empty etcd 3, and takes objects through the API only.",
    source: "https://github.com/kubernetes/kops/issues/7140 and https://github.com/kubernetes/kops/issues/7258",
  },
  {
    id: "removals-1.16",
    at: "1.16",
    severity: "warning",
    appliesTo: "any",
    title: "Workloads in extensions/v1beta1, apps/v1beta1 and apps/v1beta2 are no longer served",
    why: "Deployments, DaemonSets, StatefulSets and ReplicaSets are served as apps/v1 only, with other defaults and a required selector; NetworkPolicy as networking.k8s.io/v1.",
    whatToDo:
      "Objects are read in a version that both clusters serve. Change manifests, charts and pipelines that name the old versions before the cutover.",
    source: DEPRECATION_GUIDE,
  },
  {
    id: "removals-1.22",
    at: "1.22",
    severity: "warning",
    appliesTo: "any",
    title: "The v1beta1 of Ingress, CRDs, webhooks, RBAC and ten more are no longer served",
    why: "Ingress, CustomResourceDefinition, webhook configurations, CertificateSigningRequest, RBAC, Lease, PriorityClass, APIService and storage kinds are served as v1 only; several have other fields or defaults there.",
    whatToDo:
      "Upgrade controllers that use them (ingress controllers, operators, cert-manager) to releases that know v1, and change manifests and charts.",
    source: DEPRECATION_GUIDE,
  },
  {
    id: "ebs-csi-migration",
    at: "1.23",
    severity: "warning",
    appliesTo: "any",
    title: "EBS volumes need the EBS CSI driver",
    why: "CSIMigrationAWS is on by default: operations on kubernetes.io/aws-ebs volumes go to ebs.csi.aws.com, and wait for ever where that driver is missing.",
    whatToDo: "Install the EBS CSI driver in green, with its IAM permissions, before claims are replayed.",
    source: "https://github.com/kubernetes/enhancements/issues/1487",
  },
  {
    id: "service-account-token-secrets",
    at: "1.24",
    severity: "warning",
    appliesTo: "any",
    title: "Service accounts no longer get a token Secret by themselves",
    why: "LegacyServiceAccountTokenNoAutoGeneration is on by default. Blue's tokens are signed with blue's key besides, so green accepts none of them.",
    whatToDo:
      "Find what uses a long-lived token (CI, dashboards, other clusters), and give it a new one from green: by TokenRequest, or a Secret of type kubernetes.io/service-account-token.",
    source: "https://github.com/kubernetes/enhancements/issues/2799",
  },
  {
    id: "dockershim",
    at: "1.24",
    severity: "warning",
    appliesTo: "any",
    title: "The kubelet no longer runs containers through Docker",
    why: "dockershim is gone. Pods that mount /var/run/docker.sock, and agents that read Docker's logs or its API, find nothing on green's nodes.",
    whatToDo:
      "Look for pods that mount the docker socket; replace builds in the cluster, and use log and security agents that know containerd.",
    source: "https://kubernetes.io/docs/tasks/administer-cluster/migrating-from-dockershim/",
  },
  {
    id: "pod-security-policy",
    at: "1.25",
    severity: "warning",
    appliesTo: "any",
    title: "PodSecurityPolicy is gone, without a successor of its kind",
    why: "Green enforces none of blue's policies, and sets none of the values that they set in pods. Pod Security Admission is the nearest, by labels on namespaces.",
    whatToDo:
      "Choose a level for each namespace and label it; write values that policies set into the pods' own specs.",
    source: "https://kubernetes.io/docs/tasks/configure-pod-container/migrate-from-psp/",
  },
  {
    id: "removals-1.25",
    at: "1.25",
    severity: "warning",
    appliesTo: "any",
    title: "The betas of CronJob, PodDisruptionBudget, EndpointSlice, Event and RuntimeClass are no longer served",
    why: "They are served as v1 only, and HorizontalPodAutoscaler no longer as v2beta1. An empty selector of a PodDisruptionBudget selects every pod in policy/v1, and none in v1beta1.",
    whatToDo: "Change manifests and charts. Where one has an empty PodDisruptionBudget selector, say which is meant.",
    source: DEPRECATION_GUIDE,
  },
  {
    id: "in-tree-ebs",
    at: "1.27",
    severity: "warning",
    appliesTo: "any",
    title: "The in-tree EBS plugin is removed",
    why: "Volumes of kubernetes.io/aws-ebs work through the CSI driver alone, and the migration to it can't be switched off.",
    whatToDo: "Install the EBS CSI driver in green; move storage classes to the provisioner ebs.csi.aws.com.",
    source: "https://github.com/kubernetes/enhancements/issues/1487",
  },
  {
    id: "cron-job-time-zone-in-schedule",
    at: "1.29",
    severity: "warning",
    appliesTo: "any",
    title: "New CronJobs with TZ= or CRON_TZ= in their schedule are refused",
    why: "Clusters up to 1.28 took them, and an existing one may stay; but in green each object is new.",
    whatToDo:
      "Set spec.timeZone and take the prefix out of spec.schedule, in blue from 1.25 on, else in what is replayed.",
    source: "https://github.com/kubernetes/kubernetes/pull/116252",
  },
  {
    id: "removals-1.29-flow-control",
    at: "1.29",
    severity: "note",
    appliesTo: "any",
    title: "flowcontrol v1beta2 is no longer served, and v1beta3 from 1.32 on",
    why: "assuredConcurrencyShares is nominalConcurrencyShares since v1beta3, and a 0 means 0 in v1, where it meant 30 before.",
    whatToDo: "Change manifests. Objects are migrated with their old meaning pinned.",
    source: DEPRECATION_GUIDE,
  },
  {
    id: "eks-al2023-default",
    at: "1.30",
    severity: "note",
    appliesTo: "eks",
    title: "Amazon Linux 2023 is the default of new managed node groups",
    why: "It has cgroup v2, another bootstrap (nodeadm) and instance metadata v2 only: user data for Amazon Linux 2, and pods that use IMDSv1, fail.",
    whatToDo: "Rewrite node user data, and check agents and old language runtimes for cgroup v2.",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/al2023.html",
  },
  {
    id: "eks-no-al2",
    at: "1.34",
    severity: "warning",
    appliesTo: "eks",
    title: "There are no Amazon Linux 2 images",
    why: "EKS publishes no optimised Amazon Linux 2 image for this version.",
    whatToDo: "Use Amazon Linux 2023 or Bottlerocket for green's nodes.",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-deprecation-faqs.html",
  },
  {
    id: "cgroup-v1",
    at: "1.35",
    severity: "warning",
    appliesTo: "any",
    title: "The kubelet refuses to start on cgroup v1",
    why: "failCgroupV1 is true by default. Old runtimes (Java before 8u372, for one) misread their memory limit under cgroup v2.",
    whatToDo: "Use node images with cgroup v2, and test workloads with old language runtimes before the cutover.",
    source: "https://kubernetes.io/docs/concepts/architecture/cgroups/",
  },
  {
    id: "service-external-ips",
    at: "1.36",
    severity: "note",
    appliesTo: "any",
    title: "externalIPs of Services are deprecated",
    why: "Anyone who may create a Service can claim an address with them.",
    whatToDo: "Plan to replace spec.externalIPs by load balancers or the Gateway API; it still works.",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips",
  },
  {
    id: "ingress-nginx-retired",
    at: null,
    severity: "warning",
    appliesTo: "any",
    title: "ingress-nginx is retired since 2026-03-24",
    why: "It gets no releases and no security fixes any more, and is tested with no newer Kubernetes.",
    whatToDo:
      "If blue uses it, it can be moved as it is; plan its replacement by a Gateway API implementation or another controller.",
    source: "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/",
  },
];

/**
 * The hops that a move from one version to another crosses: those of later releases than `from`, up to and with `to`, and
 * those of no release. A move backwards or to the same minor crosses none of a release.
 */
export function hopsBetween(hops: readonly Hop[], from: KubeVersion, to: KubeVersion): Hop[] {
  return hops.filter(({ at }) => {
    if (at === null) return true;
    const version = parseKubeVersion(at);
    return version !== undefined && compareMinor(version, from) > 0 && compareMinor(version, to) <= 0;
  });
}
