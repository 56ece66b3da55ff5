import { describe, expect, it } from "vitest";
import type { ExclusiveRule } from "../../../src/model/exclusive.js";
import { type KubeObject, refKey } from "../../../src/model/objects.js";
import { chooseExclusive, planned } from "../../../src/workloads/exclusive/choose.js";

const rules: ExclusiveRule[] = [
  { name: "consumers", reason: "r", select: { labels: { role: "consumer" } } },
  { name: "jobs", reason: "r", select: { kind: "CronJob", namespace: "shop" } },
];
const object = (
  apiVersion: string,
  kind: string,
  name: string,
  parts: object = {},
  metadata: object = {},
): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "shop", labels: { role: "consumer" }, ...metadata },
  ...parts,
});
const by = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: "x/v1", kind, name, uid: name, controller: true }],
});
const scaling = (kind: string, name: string) => ({ spec: { scaleTargetRef: { kind, name } } });
const chosen = (...objects: KubeObject[]) => {
  const { exclusive, others } = chooseExclusive(rules, objects);
  return {
    stops: exclusive
      .map(planned)
      .map(({ object, rule, edited, field, value }) =>
        [rule, refKey(object), refKey(edited), field, String(value)].join(" | "),
      ),
    scaled: exclusive.flatMap(({ autoscaler }) => (autoscaler ? [refKey(autoscaler)] : [])),
    others: others.map(({ object, why, owner }) => [why, refKey(object), owner].filter(Boolean).join(" | ")),
  };
};
const web = object("apps/v1", "Deployment", "web");

describe("what is exclusive", () => {
  it.each<[string, KubeObject, string]>([
    ["Deployment", web, "consumers | Deployment.apps shop/web | Deployment.apps shop/web | spec.replicas | 0"],
    [
      "StatefulSet",
      object("apps/v1", "StatefulSet", "db"),
      "consumers | StatefulSet.apps shop/db | StatefulSet.apps shop/db | spec.replicas | 0",
    ],
    [
      "ReplicaSet of its own",
      object("apps/v1", "ReplicaSet", "rs"),
      "consumers | ReplicaSet.apps shop/rs | ReplicaSet.apps shop/rs | spec.replicas | 0",
    ],
    [
      "CronJob of an old server",
      object("batch/v1beta1", "CronJob", "nightly", {}, { labels: {} }),
      "jobs | CronJob.batch shop/nightly | CronJob.batch shop/nightly | spec.suspend | true",
    ],
  ])("stops a %s", (_, found, stop) => {
    expect(chosen(found)).toEqual({ stops: [stop], scaled: [], others: [] });
  });

  it.each<[string, KubeObject]>([
    ["a Service", object("v1", "Service", "web")],
    ["what a Deployment made", object("apps/v1", "ReplicaSet", "web-1", {}, by("Deployment", "web"))],
    ["what a CronJob made", object("batch/v1", "Job", "nightly-1", {}, by("CronJob", "nightly"))],
    ["a Pod that a ReplicaSet made", object("v1", "Pod", "web-1-a", {}, by("ReplicaSet", "web-1"))],
    [
      "a Job that is over",
      object("batch/v1", "Job", "once", { status: { conditions: [{ type: "Complete", status: "True" }] } }),
    ],
    ["a Pod that is over", object("v1", "Pod", "once", { status: { phase: "Succeeded" } })],
    ["what no rule selects", object("apps/v1", "Deployment", "other", {}, { labels: {} })],
    ["a CronJob of another namespace", object("batch/v1", "CronJob", "n", {}, { labels: {}, namespace: "dev" })],
  ])("says nothing of %s", (_, found) => {
    expect(chosen(found)).toEqual({ stops: [], scaled: [], others: [] });
  });

  it.each<[string, KubeObject, string]>([
    ["DaemonSet", object("apps/v1", "DaemonSet", "agent"), "no-way | DaemonSet.apps shop/agent"],
    ["ReplicationController", object("v1", "ReplicationController", "rc"), "no-way | ReplicationController shop/rc"],
    ["ScaledJob", object("keda.sh/v1alpha1", "ScaledJob", "s"), "no-way | ScaledJob.keda.sh shop/s"],
    [
      "StatefulSet of an operator",
      object("apps/v1", "StatefulSet", "k", {}, by("Kafka", "main")),
      "owned | StatefulSet.apps shop/k | Kafka main",
    ],
    ["Job under way", object("batch/v1", "Job", "once"), "runs-out | Job.batch shop/once"],
    ["Pod of its own", object("v1", "Pod", "debug"), "runs-out | Pod shop/debug"],
  ])("can't hand over a %s", (_, found, other) => {
    expect(chosen(found)).toEqual({ stops: [], scaled: [], others: [other] });
  });

  it("lets a HorizontalPodAutoscaler be, which does nothing at 0, and pauses KEDA, which would wake it", () => {
    const hpa = object("autoscaling/v2", "HorizontalPodAutoscaler", "web", scaling("Deployment", "web"));
    expect(chosen(web, hpa)).toMatchObject({ scaled: ["HorizontalPodAutoscaler.autoscaling shop/web"], others: [] });
    const keda = object("keda.sh/v1alpha1", "ScaledObject", "scale", scaling("Deployment", "web"));
    expect(chosen(web, hpa, keda)).toEqual({
      stops: [
        "consumers | Deployment.apps shop/web | ScaledObject.keda.sh shop/scale | metadata.annotations.autoscaling.keda.sh/paused-replicas | 0",
      ],
      scaled: [],
      others: [],
    });
  });
});
