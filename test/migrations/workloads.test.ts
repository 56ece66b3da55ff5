import { describe, expect, it } from "vitest";
import { daemonSetExtensions } from "../../migrations/daemon-set-extensions.js";
import { deploymentApps } from "../../migrations/deployment-apps.js";
import { deploymentExtensions } from "../../migrations/deployment-extensions.js";
import { replicaSetExtensions } from "../../migrations/replica-set-extensions.js";
import { statefulSet } from "../../migrations/stateful-set.js";
import type { Migration } from "../../src/model/migration.js";
import type { JsonObject } from "../../src/model/objects.js";
import { migrateOne, objectFor, remarkIds } from "./apply.js";

const labels = { app: "web" };
const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "example.com/web" }] } };
const selector = { matchLabels: labels };
const rolling = (maxSurge: unknown, maxUnavailable: unknown) => ({
  type: "RollingUpdate",
  rollingUpdate: { maxSurge, maxUnavailable },
});
const NO_LIMIT = 2147483647;
const unlimited = { revisionHistoryLimit: NO_LIMIT, progressDeadlineSeconds: NO_LIMIT };

interface Row {
  name: string;
  migration: Migration;
  version: string;
  spec: JsonObject;
  becomes: JsonObject;
  remarks?: string[];
}

const table: Row[] = [
  // Deployment
  {
    name: "the smallest gets every pin",
    migration: deploymentExtensions,
    version: "v1beta1",
    spec: { template },
    becomes: { template, selector, strategy: rolling(1, 1), ...unlimited },
  },
  {
    name: "what is said stays",
    migration: deploymentExtensions,
    version: "v1beta1",
    spec: {
      template,
      selector: { matchLabels: { app: "web", tier: "front" } },
      strategy: rolling("25%", 0),
      revisionHistoryLimit: 0,
      progressDeadlineSeconds: 60,
      replicas: 0,
      paused: true,
    },
    becomes: {
      template,
      selector: { matchLabels: { app: "web", tier: "front" } },
      strategy: rolling("25%", 0),
      revisionHistoryLimit: 0,
      progressDeadlineSeconds: 60,
      replicas: 0,
      paused: true,
    },
  },
  {
    name: "half a strategy gets its other half",
    migration: deploymentExtensions,
    version: "v1beta1",
    spec: { template, selector, strategy: { rollingUpdate: { maxSurge: 2 } } },
    becomes: { template, selector, strategy: rolling(2, 1), ...unlimited },
  },
  {
    name: "null is absent",
    migration: deploymentExtensions,
    version: "v1beta1",
    spec: { template, selector: null, strategy: null, revisionHistoryLimit: null, rollbackTo: null },
    becomes: { template, selector, strategy: rolling(1, 1), ...unlimited },
  },
  {
    name: "Recreate rolls nothing",
    migration: deploymentExtensions,
    version: "v1beta1",
    spec: { template, selector, strategy: { type: "Recreate" } },
    becomes: { template, selector, strategy: { type: "Recreate" }, ...unlimited },
  },
  {
    name: "an order to roll back isn't repeated",
    migration: deploymentExtensions,
    version: "v1beta1",
    spec: { template, selector, strategy: rolling(1, 1), ...unlimited, rollbackTo: { revision: 0 } },
    becomes: { template, selector, strategy: rolling(1, 1), ...unlimited },
    remarks: ["deployment-rollback-dropped"],
  },
  {
    name: "keeps two old ReplicaSets, and gives up as in apps/v1",
    migration: deploymentApps,
    version: "v1beta1",
    spec: { template },
    becomes: { template, selector, revisionHistoryLimit: 2 },
  },
  {
    name: "an order to roll back isn't repeated",
    migration: deploymentApps,
    version: "v1beta1",
    spec: { template, selector, revisionHistoryLimit: 0, rollbackTo: { revision: 3 } },
    becomes: { template, selector, revisionHistoryLimit: 0 },
    remarks: ["deployment-rollback-dropped"],
  },
  {
    name: "is as in apps/v1 already",
    migration: deploymentApps,
    version: "v1beta2",
    spec: { template, selector },
    becomes: { template, selector },
  },
  // DaemonSet
  {
    name: "the smallest is replaced by hand",
    migration: daemonSetExtensions,
    version: "v1beta1",
    spec: { template },
    becomes: { template, selector, updateStrategy: { type: "OnDelete" } },
  },
  {
    name: "a strategy that is said stays",
    migration: daemonSetExtensions,
    version: "v1beta1",
    spec: { template, selector, updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } } },
    becomes: {
      template,
      selector,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
    },
  },
  {
    name: "an empty type is none",
    migration: daemonSetExtensions,
    version: "v1beta1",
    spec: { template, selector, updateStrategy: { type: "" } },
    becomes: { template, selector, updateStrategy: { type: "OnDelete" } },
  },
  // ReplicaSet
  {
    name: "the smallest gets a selector",
    migration: replicaSetExtensions,
    version: "v1beta1",
    spec: { template },
    becomes: { template, selector },
  },
  {
    name: "pods without labels give none",
    migration: replicaSetExtensions,
    version: "v1beta1",
    spec: { template: { spec: {} }, replicas: 2 },
    becomes: { template: { spec: {} }, replicas: 2 },
  },
  // StatefulSet
  {
    name: "the smallest is replaced by hand",
    migration: statefulSet,
    version: "v1beta1",
    spec: { template, serviceName: "web" },
    becomes: { template, serviceName: "web", selector, updateStrategy: { type: "OnDelete" } },
  },
  {
    name: "a strategy that is said stays",
    migration: statefulSet,
    version: "v1beta1",
    spec: { template, selector, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } },
    becomes: { template, selector, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } },
  },
  {
    name: "is as in apps/v1 already",
    migration: statefulSet,
    version: "v1beta2",
    spec: { template, selector },
    becomes: { template, selector },
  },
];

describe("workloads", () => {
  it.each(table)("$migration.id $version: $name", ({ migration, version, spec, becomes, remarks = [] }) => {
    const own = { name: "web", namespace: "shop", labels: { team: "a" } };
    const object = objectFor(migration, { metadata: own, spec, status: { replicas: 1 } }, version);
    expect(migrateOne(migration, object)).toEqual({ ...object, apiVersion: "apps/v1", spec: becomes });
    expect(remarkIds(migration, object)).toEqual(remarks);
  });

  it.each([deploymentExtensions, deploymentApps, daemonSetExtensions, replicaSetExtensions, statefulSet])(
    "$id: without labels of its own it has those of its pods",
    (migration) => {
      const given = (fields: JsonObject) => migrateOne(migration, objectFor(migration, fields)).metadata.labels;
      expect(given({ spec: { template } })).toEqual(labels);
      expect(given({ metadata: { name: "web", labels: {} }, spec: { template } })).toEqual(labels);
      expect(given({ metadata: { name: "web", labels: { team: "a" } }, spec: { template } })).toEqual({ team: "a" });
      expect(given({ spec: {} })).toBeUndefined();
      expect(migrateOne(migration, objectFor(migration))).not.toHaveProperty("spec");
    },
  );

  it("daemon-set-extensions: the generation of the template is where apps/v1 has it", () => {
    const object = objectFor(daemonSetExtensions, { spec: { template, selector, templateGeneration: 7 } });
    const migrated = migrateOne(daemonSetExtensions, object);
    expect(migrated.metadata.annotations).toEqual({ "deprecated.daemonset.template.generation": "7" });
    expect(migrated.spec).toEqual({ template, selector, updateStrategy: { type: "OnDelete" } });
  });
});
