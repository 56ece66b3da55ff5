import type { HoldEnd } from "../../model/held.js";
import { listAt, objectAt, textAt } from "../../model/json.js";
import type { KubeObject } from "../../model/objects.js";

/** A well-known program that acts on the world outside its cluster. */
export interface Actor {
  /** The hold's id. */
  id: string;
  until: HoldEnd;
  /** One sentence: what it would do from green. */
  reason: string;
  /** Ends of image names without tag and digest: whole path segments, so that mirrors are recognised too. */
  images: readonly string[];
  /** What its own chart calls it in the label app.kubernetes.io/name, where the name is its alone. */
  names: readonly string[];
}

/**
 * What can be told surely. Those that find their resources by the name or the tags of a cluster still mean blue's: with
 * blue alive they would take its nodes, records or volumes for their own, so they're held until it is gone.
 */
export const actors: readonly Actor[] = [
  {
    id: "external-dns",
    until: "teardown",
    reason: "Two with one owner id write and delete each other's records; blue's alone writes them until it is gone.",
    images: ["external-dns"],
    names: ["external-dns"],
  },
  {
    id: "cluster-autoscaler",
    until: "teardown",
    reason: "It finds blue's node groups by its cluster's name, and would remove blue's nodes, which it doesn't know.",
    images: ["cluster-autoscaler", "cluster-autoscaler-amd64", "cluster-autoscaler-arm64"],
    names: ["cluster-autoscaler", "aws-cluster-autoscaler"],
  },
  {
    id: "karpenter",
    until: "teardown",
    reason: "It finds blue's instances by its cluster's name, and would end those that green doesn't know.",
    images: ["karpenter/controller"],
    names: ["karpenter"],
  },
  {
    id: "node-termination-handler",
    until: "teardown",
    reason: "It takes messages off the queue that blue's waits for.",
    images: ["aws-node-termination-handler"],
    names: ["aws-node-termination-handler"],
  },
  {
    id: "cert-manager",
    until: "cutover",
    reason: "It orders certificates and writes DNS challenges; names lead to green only after the cutover.",
    images: ["cert-manager-controller"],
    // Its chart gives its webhook and its injector, which are needed at once, names of their own; others' charts don't.
    names: [],
  },
  {
    id: "velero",
    until: "cutover",
    reason: "Its schedules would write backups of both clusters to one place under the same names.",
    images: ["velero"],
    names: [],
  },
  {
    id: "cloud-resources",
    until: "teardown",
    reason: "It manages cloud resources that blue's manages too, and would make them a second time or delete them.",
    images: [
      "crossplane/crossplane",
      "cnrm/controller",
      "pulumi/pulumi-kubernetes-operator",
      "azureserviceoperator",
      ...["ec2", "ecr", "elasticache", "iam", "rds", "route53", "s3", "sns", "sqs"].map(
        (service) => `aws-controllers-k8s/${service}-controller`,
      ),
    ],
    names: ["crossplane"],
  },
];

/** Deployments, and what else runs one program: a DaemonSet of the same image (Velero's) is on nodes to serve the cluster. */
const kinds = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];

export function isActor({ images, names }: Actor, object: KubeObject): boolean {
  if (!kinds.includes(object.kind)) return false;
  const name = object.metadata.labels?.["app.kubernetes.io/name"];
  return (
    (name !== undefined && names.includes(name)) ||
    listAt(objectAt(object, "spec", "template", "spec"), "containers").some((container) =>
      images.some((end) => imageNames(container, end)),
    )
  );
}

/** Whether a container runs an image of this name; registry port, tag and digest don't matter. */
export function imageNames(container: unknown, end: string): boolean {
  const image = textAt(container, "image")
    ?.replace(/@.*$/, "")
    .replace(/:[^:/]*$/, "");
  return image !== undefined && (image === end || image.endsWith(`/${end}`));
}
