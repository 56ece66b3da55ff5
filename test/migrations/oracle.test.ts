import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { event } from "../../migrations/event.js";
import { horizontalPodAutoscalerV2beta1 } from "../../migrations/horizontal-pod-autoscaler-v2beta1.js";
import { horizontalPodAutoscalerV2beta2 } from "../../migrations/horizontal-pod-autoscaler-v2beta2.js";
import { podDisruptionBudget } from "../../migrations/pod-disruption-budget.js";
import { priorityLevelConfigurationV1beta2 } from "../../migrations/priority-level-configuration-v1beta2.js";
import { isObject } from "../../src/model/json.js";
import type { Migration } from "../../src/model/migration.js";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { migrateOne } from "./apply.js";
import * as arbitrary from "./arbitraries/various.js";
import { oracleCases } from "./oracle/cases.js";
import { compareConversions, essence } from "./oracle/compare.js";
import { OracleServer } from "./oracle/server.js";

/** An admin's kubeconfig of a 1.24 API server, which serves the versions before and after some migrations. */
const kubeconfig = process.env.CLUSTERSHIFT_TEST_BLUE_KUBECONFIG;
const why = kubeconfig ? "" : " (skipped: CLUSTERSHIFT_TEST_BLUE_KUBECONFIG names no 1.24 server)";
const runs = { numRuns: 40, interruptAfterTimeLimit: 60_000 };

/** 1.24 shows an Object metric by average with a value of 0 in v2 too, though it refuses to take that. */
function withoutZeroValue(object: KubeObject): KubeObject {
  const cleaned = structuredClone(object);
  const metrics = isObject(cleaned.spec) && Array.isArray(cleaned.spec.metrics) ? cleaned.spec.metrics : [];
  for (const metric of metrics) if (metric.object?.target.value === "0") delete metric.object.target.value;
  return cleaned;
}

describe.skipIf(!kubeconfig)(`migrations against the conversions of a real API server${why}`, () => {
  let oracle: OracleServer;
  let count = 0;

  beforeAll(async () => {
    oracle = await OracleServer.open(kubeconfig ?? "");
  });
  afterAll(() => oracle?.close());

  function named({ from }: Migration, version: string, body: JsonObject): KubeObject {
    const apiVersion = `${from.group}/${version}`;
    const metadata = { name: `oracle-${process.pid}-${count++}`, labels: { test: "oracle" }, annotations: { a: "ü" } };
    const namespace = oracle.isNamespaced(apiVersion, from.kind) ? { namespace: "default" } : {};
    return { apiVersion, kind: from.kind, metadata: { ...metadata, ...namespace }, ...body };
  }

  const target = ({ to, id }: Migration) => to ?? expect.fail(`${id} has no successor`);

  // With 1,000 objects for each migration, and older servers: npm run proof -- replay-oracle.
  it.each(oracleCases.filter(({ server }) => server === "1.24.17"))(
    "$migration: what is written as old, migrated, is what the server shows as new",
    async (each) => {
      const prefix = `oracle-${process.pid}-${count++}`;
      const options = { count: 40, prefix, seed: Math.floor(Math.random() * 2 ** 31), namespace: "default" };
      const { objects, differences } = await compareConversions(oracle, each, options);
      expect(differences, `seed ${options.seed}`).toEqual([]);
      expect(objects).toBe(40);
    },
    60_000,
  );

  it.each([
    { migration: horizontalPodAutoscalerV2beta1, body: arbitrary.newerHorizontalPodAutoscaler.map(withoutObjectValue) },
    { migration: horizontalPodAutoscalerV2beta2, body: arbitrary.newerHorizontalPodAutoscaler.map(withoutObjectValue) },
    { migration: podDisruptionBudget, body: arbitrary.podDisruptionBudget },
  ])(
    "$migration.id: what is written as new, read as old and migrated, is the same again",
    async ({ migration, body }) => {
      const version = target(migration).split("/")[1] ?? "";
      await fc.assert(
        fc.asyncProperty(body, async (fields) => {
          const object = named(migration, version, fields);
          const shown = await oracle.having(object, async (read) => ({
            old: await read(`${migration.from.group}/${migration.from.versions[0]}`),
            new: await read(object.apiVersion),
          }));
          const migrated = migrateOne(migration, shown.old);
          expect(essence(migrated)).toEqual(withoutZeroValue(essence(shown.new)));
          const again = { ...migrated, metadata: object.metadata };
          const written = await oracle.having(again, (read) => read(object.apiVersion));
          expect(essence(written)).toEqual(essence(shown.new));
        }),
        runs,
      );
    },
    120_000,
  );

  /** An Object metric by average needs no value in v2; v2beta1 shows it as 0. */
  function withoutObjectValue({ spec }: JsonObject): JsonObject {
    const stripped = structuredClone(spec);
    for (const metric of isObject(stripped) && Array.isArray(stripped.metrics) ? stripped.metrics : []) {
      if (metric.object?.target.averageValue) delete metric.object.target.value;
    }
    return { spec: stripped };
  }

  it("event: the server takes as v1 what used the deprecated fields", async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary.oldEvent, async (body) => {
        const object = named(event, "v1beta1", body);
        const stored = await oracle.having(object, (read) => read(object.apiVersion));
        const migrated = { ...migrateOne(event, stored), metadata: object.metadata };
        const written = await oracle.having(migrated, (read) => read("events.k8s.io/v1"));
        expect(written).toMatchObject({ eventTime: "2026-01-01T00:00:00.000000Z", reportingInstance: "n1" });
      }),
      runs,
    );
  });

  it("priority-level-configuration-v1beta2: shares are pinned to what the server defaults them to", async () => {
    const migration = priorityLevelConfigurationV1beta2;
    await fc.assert(
      fc.asyncProperty(arbitrary.priorityLevelConfiguration, async (body) => {
        const object = named(migration, "v1beta2", body);
        const shown = await oracle.having(object, (read) => read(object.apiVersion));
        const shares = (from: KubeObject, field: string) =>
          isObject(from.spec) && isObject(from.spec.limited) ? from.spec.limited[field] : undefined;
        const meant = shares(shown, "assuredConcurrencyShares");
        expect(shares(migrateOne(migration, shown), "nominalConcurrencyShares")).toBe(meant);
        // In v1 absent shares default to the same 30 as here; a 0 wouldn't.
        expect(shares(migrateOne(migration, object), "nominalConcurrencyShares") ?? 30).toBe(meant);
      }),
      runs,
    );
  });
});
