import fc from "fast-check";
import type { RecordSet } from "../../../../src/model/traffic.js";

const address = fc.ipV4();
const values = fc
  .uniqueArray(address, { minLength: 1, maxLength: 4 })
  .map((all) => ({ ResourceRecords: all.map((Value) => ({ Value })) }));

const answer: fc.Arbitrary<Partial<RecordSet>> = fc.oneof(
  fc.tuple(values, fc.integer({ min: 0, max: 86_400 })).map(([records, TTL]) => ({ ...records, TTL })),
  fc.constant({
    AliasTarget: { HostedZoneId: "Z35SXDOTRQ7X7K", DNSName: "lb.example.", EvaluateTargetHealth: true },
  }),
);
const health: fc.Arbitrary<Partial<RecordSet>> = fc.oneof(fc.constant({}), fc.constant({ HealthCheckId: "abc" }));

const simple = (name: string) =>
  fc.tuple(answer, health).map(([a, h]): RecordSet[] => [{ Name: name, Type: "A", ...a, ...h }]);

const weighted = (name: string) =>
  fc
    .uniqueArray(
      fc.tuple(fc.string({ minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 255 }), answer, health),
      {
        minLength: 1,
        maxLength: 6,
        selector: ([id]) => id,
      },
    )
    .filter((sets) => sets.some(([, weight]) => weight > 0))
    .map((sets) =>
      sets.map(
        ([SetIdentifier, Weight, a, h]): RecordSet => ({ Name: name, Type: "A", SetIdentifier, Weight, ...a, ...h }),
      ),
    );

/** All sets of one name: simple, alias or weighted, some by an earlier migration. */
export const nameSets = (name = "app.acme.example."): fc.Arbitrary<RecordSet[]> =>
  fc.oneof(
    simple(name),
    weighted(name),
    fc.constant<RecordSet[]>([
      {
        Name: name,
        Type: "A",
        SetIdentifier: "clustershift-blue",
        Weight: 0,
        TTL: 60,
        ResourceRecords: [{ Value: "192.0.2.1" }],
      },
      {
        Name: name,
        Type: "A",
        SetIdentifier: "clustershift-green",
        Weight: 100,
        TTL: 60,
        ResourceRecords: [{ Value: "192.0.2.2" }],
      },
    ]),
  );

export const green = fc.uniqueArray(address, { minLength: 1, maxLength: 4 });
export const share = fc.integer({ min: 0, max: 100 });
