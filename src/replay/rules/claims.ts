import { isObject, listAt, objectAt, textAt } from "../../model/json.js";
import { groupOf, type KubeObject } from "../../model/objects.js";
import type { Rule } from "./rule.js";

/** Groups whose objects each stand for something that a controller keeps outside of the cluster. */
const cloudGroups = [
  // AWS Controllers for Kubernetes, Config Connector, Azure Service Operator, Cluster API.
  /\.services\.k8s\.aws$/,
  /^(?!core\.).*\.cnrm\.cloud\.google\.com$/,
  /\.azure\.com$/,
  /^(.+\.)?cluster\.x-k8s\.io$/,
];

/** Single kinds of the same sort: runs of Terraform and Pulumi, and who is behind a load balancer. */
const cloudKinds = [
  "Terraform infra.contrib.fluxcd.io",
  "Workspace app.terraform.io",
  "Stack pulumi.com",
  "TargetGroupBinding elbv2.k8s.aws",
];

/** Crossplane marks what it manages, claims of that, and what it composes; definitions have other finalizers. */
const crossplaneFinalizers = [
  "finalizer.managedresource.crossplane.io",
  "finalizer.apiextensions.crossplane.io",
  "composite.apiextensions.crossplane.io",
];

/**
 * What another tool holds, or is in the middle of. Copied without their status, which the API takes from nobody, such
 * objects would begin anew.
 */
export const claimRules: readonly Rule[] = [
  {
    id: "velero-operation",
    ending: "skipped",
    reason: "Velero on green would do it again; backups it finds in their store by itself.",
    kinds: [
      "Backup",
      "Restore",
      "DeleteBackupRequest",
      "DownloadRequest",
      "ServerStatusRequest",
      "PodVolumeBackup",
      "PodVolumeRestore",
      "DataUpload",
      "DataDownload",
      "BackupRepository",
      "ResticRepository",
    ].map((kind) => `${kind}.velero.io`),
    applies: () => true,
  },
  {
    id: "certificate-request",
    ending: "skipped",
    reason: "Copied, it would be ordered again. The certificate's Secret arrives; cert-manager asks anew when it must.",
    kinds: [
      "CertificateRequest.cert-manager.io",
      "Order.acme.cert-manager.io",
      "Challenge.acme.cert-manager.io",
      "CertificateRequest.certmanager.k8s.io",
      "Order.certmanager.k8s.io",
      "Challenge.certmanager.k8s.io",
    ],
    applies: () => true,
  },
  {
    id: "finished-run",
    ending: "skipped",
    reason: "It has finished; copied it would run again.",
    kinds: [
      "Workflow.argoproj.io",
      "AnalysisRun.argoproj.io",
      "Experiment.argoproj.io",
      "TaskRun.tekton.dev",
      "PipelineRun.tekton.dev",
      "CustomRun.tekton.dev",
      "Run.tekton.dev",
      "Backup.postgresql.cnpg.io",
      "SparkApplication.sparkoperator.k8s.io",
      "InstallPlan.operators.coreos.com",
    ],
    applies: hasFinished,
  },
  {
    id: "cloud-resource",
    ending: "skipped",
    reason: "It stands for something outside of the cluster, which blue's controller manages: two must not.",
    applies: isCloudResource,
  },
];

const ended = /^(succeeded|successful|completed?|failed|error|inconclusive)$/i;

/** Whether a custom resource that runs once says that it has. */
function hasFinished(object: KubeObject): boolean {
  const { status } = object;
  return (
    ended.test(textAt(status, "phase") ?? textAt(status, "applicationState", "state") ?? "") ||
    listAt(status, "conditions").some(
      (condition) => isObject(condition) && condition.type === "Succeeded" && condition.status !== "Unknown",
    )
  );
}

function isCloudResource(object: KubeObject): boolean {
  const { apiVersion, kind, metadata } = object;
  const group = groupOf(apiVersion);
  return (
    cloudGroups.some((pattern) => pattern.test(group)) ||
    cloudKinds.includes(`${kind} ${group}`) ||
    metadata.finalizers?.some((name) => crossplaneFinalizers.includes(name)) === true ||
    kind === "ProviderConfigUsage" ||
    (metadata.annotations?.["crossplane.io/external-name"] !== undefined &&
      Object.keys(objectAt(object, "spec", "providerConfigRef")).length > 0)
  );
}
