import type { JsonObject, KubeObject } from "../../../../src/model/objects.js";
import { object } from "../../objects.js";

const labels = { app: "web" };
const selector = { matchLabels: labels };

/** Every kind that runs pods, around the same pod. */
export function workloads(pod: JsonObject, annotations: JsonObject = {}): Record<string, KubeObject> {
  const template = (restartPolicy: string) => ({
    metadata: { labels, annotations },
    spec: { restartPolicy, containers: [{ name: "web", image: "web:1" }], ...pod },
  });
  const always = template("Always");
  const never = template("Never");
  return {
    Pod: {
      ...object("v1 Pod default/web", { spec: always.spec }),
      metadata: { ...always.metadata, name: "web", namespace: "default" } as never,
    },
    PodTemplate: object("v1 PodTemplate default/web", { template: always }),
    ReplicationController: object("v1 ReplicationController default/web", {
      spec: { selector: labels, template: always },
    }),
    Deployment: object("apps/v1 Deployment default/web", { spec: { selector, template: always } }),
    StatefulSet: object("apps/v1 StatefulSet default/web", {
      spec: { serviceName: "web", selector, template: always },
    }),
    DaemonSet: object("apps/v1 DaemonSet default/web", { spec: { selector, template: always } }),
    ReplicaSet: object("apps/v1 ReplicaSet default/web", { spec: { selector, template: always } }),
    Job: object("batch/v1 Job default/web", { spec: { template: never } }),
    CronJob: object("batch/v1 CronJob default/web", {
      spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: never } } },
    }),
  };
}

/** A Deployment around a pod. */
export function deployment(pod: JsonObject, annotations: JsonObject = {}): KubeObject {
  const { Deployment } = workloads(pod, annotations);
  if (!Deployment) throw new Error("no Deployment among the workloads");
  return Deployment;
}

/** The pod of a Deployment after adaptations. */
export function podOf(changed: KubeObject): JsonObject {
  return (changed.spec as { template: { spec: JsonObject } }).template.spec;
}
