import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { object } from "../replay/objects.js";
import { only, open, servers, why } from "../replay/servers.js";
import { bringOver } from "./owners/bring-over.js";

/** The proof's short form, with objects that are made in versions which green no longer serves. */
it.skipIf(!servers)(
  `fields belong on green to who owns them on blue${why}`,
  async () => {
    const mark = `owners-${randomBytes(4).toString("hex")}`;
    const [blue, green] = [await open(servers?.blueFile ?? ""), await open(servers?.greenFile ?? "")];
    const labels = { app: "web" };
    const pod = { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }] };
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
    const cpu = { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } };
    const memory = { name: "memory", target: { type: "AverageValue", averageValue: "400Mi" } };
    const namespace = object(`v1 Namespace ${mark}`);
    // Of these no version is common to both servers, and one of the fields has another name in each.
    const level = object(`flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration ${mark}`, {
      spec: { type: "Limited", limited: { assuredConcurrencyShares: 5, limitResponse: { type: "Reject" } } },
    });
    const workload = [
      level,
      namespace,
      object(`v1 ConfigMap ${mark}/one-owner`, { data: { a: "1" } }, { labels }),
      object(`v1 Secret ${mark}/text`, { stringData: { key: "value" } }, { labels }),
      object(
        `v1 Service ${mark}/web`,
        { spec: { type: "NodePort", selector: labels, ports: [{ port: 80 }] } },
        { labels },
      ),
      object(`apps/v1 StatefulSet ${mark}/web`, {
        spec: { serviceName: "web", selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
      }),
      object(`policy/v1beta1 PodDisruptionBudget ${mark}/web`, {
        spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
      }),
      object(`batch/v1beta1 CronJob ${mark}/nightly`, {
        spec: {
          schedule: "0 3 * * *",
          jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", ...pod } } } },
        },
      }),
      ...["a", "b", "c"].map((name) =>
        object(`autoscaling/v2beta2 HorizontalPodAutoscaler ${mark}/${name}`, {
          spec: {
            scaleTargetRef,
            maxReplicas: 9,
            metrics: [cpu, memory].map((resource) => ({ type: "Resource", resource })),
          },
        }),
      ),
    ];
    try {
      const owners = await bringOver(blue, green, workload, (from, to) => only(mark, from, to));
      expect(owners).toMatchObject({ failed: [], leftToUs: [], differing: [], unasked: [], objects: workload.length });
      expect(owners.conflictsOnBlue).toBeGreaterThan(20);
    } finally {
      for (const kube of [blue, green]) {
        const { resources } = await kube.discover();
        for (const kind of [namespace.kind, level.kind]) {
          const resource = resources.find((it) => it.kind === kind);
          if (resource) await kube.delete(resource, mark);
        }
        await kube.close();
      }
    }
  },
  60_000,
);
