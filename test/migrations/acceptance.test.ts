import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrations } from "../../migrations/index.js";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import * as arbitrary from "./arbitraries/various.js";
import { oracleCases } from "./oracle/cases.js";
import { OracleServer } from "./oracle/server.js";

/** An admin's kubeconfig of a server of the newest version that migrations are for. */
const kubeconfig = process.env.CLUSTERSHIFT_TEST_GREEN_KUBECONFIG;
const why = kubeconfig ? "" : " (skipped: CLUSTERSHIFT_TEST_GREEN_KUBECONFIG names no server)";
const COUNT = 25;

type Case = { body(apiVersion: string): fc.Arbitrary<JsonObject>; named?: (typeof oracleCases)[number]["named"] };

const flowSchema = {
  spec: {
    matchingPrecedence: 0,
    priorityLevelConfiguration: { name: "global-default" },
    rules: [
      {
        subjects: [{ kind: "Group", group: { name: "system:authenticated" } }],
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      },
    ],
  },
};
const policy = {
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] }],
    },
    validations: [{ expression: "object.spec.replicas < 50", message: "too many" }],
  },
};
const zeroShares = {
  spec: { type: "Limited", limited: { nominalConcurrencyShares: 0, limitResponse: { type: "Reject" } } },
};
const binding = (apiVersion: string) =>
  apiVersion.endsWith("v1alpha1")
    ? { spec: { policyName: "web", paramRef: { name: "p" } } }
    : { spec: { policyName: "web", validationActions: ["Audit"] } };

/** Those for which no server has both versions. */
const others: Record<string, Case> = {
  "priority-level-configuration-v1beta2": { body: () => arbitrary.priorityLevelConfiguration },
  "priority-level-configuration-v1beta3": { body: () => fc.constant(zeroShares) },
  "flow-schema": { body: () => fc.constant(flowSchema) },
  "validating-admission-policy": { body: () => fc.constant(policy) },
  "validating-admission-policy-binding": { body: (apiVersion) => fc.constant(binding(apiVersion)) },
  "ip-address": {
    body: () => fc.constant({ spec: { parentRef: { resource: "services", namespace: "default", name: "web" } } }),
    named: (body) => ({ name: "10.9.9.9", body }),
  },
  "service-cidr": { body: () => fc.constant({ spec: { cidrs: ["10.9.0.0/16"] } }) },
  "volume-attributes-class": {
    body: () => fc.constant({ driverName: "ebs.csi.aws.com", parameters: { iops: "4000" } }),
  },
};
const cases = new Map<string, Case>([
  ...Object.entries(others),
  ...oracleCases.map((each): [string, Case] => [each.migration, each]),
  ["event", { body: () => fc.oneof(arbitrary.modernEvent, arbitrary.oldEvent) }],
]);

describe.skipIf(!kubeconfig)(`what migrations write is taken by a real API server of the new version${why}`, () => {
  let server: OracleServer;

  beforeAll(async () => {
    server = await OracleServer.open(kubeconfig ?? "");
  });
  afterAll(() => server?.close());

  // But for the one whose successor 1.35 has lost as well.
  it.each(migrations.filter(({ to }) => to !== null && to !== "policy/v1beta1"))("$id", async (migration) => {
    const { body, named } = cases.get(migration.id) ?? expect.fail("no objects for it");
    const { group, kind, versions } = migration.from;
    const seed = Math.floor(Math.random() * 2 ** 31);
    const drawn = fc
      .constantFrom(...versions.map((version) => `${group}/${version}`))
      .chain((apiVersion) => body(apiVersion).map((fields) => ({ apiVersion, fields })));
    const objects = fc
      .sample(drawn, { numRuns: COUNT, seed })
      .flatMap(({ apiVersion, fields }, index): KubeObject[] => {
        const own = named?.(fields, `acceptance-${index}`) ?? { name: `acceptance-${index}`, body: fields };
        const { metadata, ...rest } = own.body;
        const namespace = server.isNamespaced(migration.to ?? "", kind) ? { namespace: "default" } : {};
        const object = {
          apiVersion,
          kind,
          metadata: { ...(metadata as object), name: own.name, ...namespace },
          ...rest,
        };
        const migrated = migration.migrate(object);
        return migrated.result === "objects" ? migrated.objects : [];
      });
    expect(objects).not.toEqual([]);
    const answers = await server.create(objects, { dryRun: true });
    for (const [index, answer] of answers.entries()) {
      if (answer instanceof Error) expect.fail(`seed ${seed}: ${answer.message}\n${JSON.stringify(objects[index])}`);
    }
    if (kind === "PriorityLevelConfiguration") {
      for (const [index, answer] of answers.entries()) expect(answer).toMatchObject({ spec: objects[index]?.spec });
    }
  });
});
