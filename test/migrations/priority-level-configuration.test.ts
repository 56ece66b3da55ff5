import { describe, expect, it } from "vitest";
import { priorityLevelConfigurationV1beta2 } from "../../migrations/priority-level-configuration-v1beta2.js";
import { priorityLevelConfigurationV1beta3 } from "../../migrations/priority-level-configuration-v1beta3.js";
import { migrateOne, objectFor } from "./apply.js";

const preserveZero = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

describe.each(["v1beta1", "v1beta2"])("priority-level-configuration-v1beta2, from %s", (version) => {
  it.each([
    ["shares are renamed", { assuredConcurrencyShares: 5 }, { nominalConcurrencyShares: 5 }],
    ["0 is pinned to 30", { assuredConcurrencyShares: 0 }, { nominalConcurrencyShares: 30 }],
    ["absent shares stay absent: the default is 30 in both", {}, {}],
    ["null is absent", { assuredConcurrencyShares: null }, {}],
    [
      "the rest stays",
      { assuredConcurrencyShares: 1, limitResponse: { type: "Reject" }, lendablePercent: 0 },
      { nominalConcurrencyShares: 1, limitResponse: { type: "Reject" }, lendablePercent: 0 },
    ],
  ])("%s", (_name, limited, becomes) => {
    const object = objectFor(priorityLevelConfigurationV1beta2, { spec: { type: "Limited", limited } }, version);
    expect(migrateOne(priorityLevelConfigurationV1beta2, object)).toEqual({
      ...object,
      apiVersion: "flowcontrol.apiserver.k8s.io/v1",
      spec: { type: "Limited", limited: becomes },
    });
  });

  it("leaves an exempt level alone", () => {
    const object = objectFor(priorityLevelConfigurationV1beta2, { spec: { type: "Exempt" } }, version);
    expect(migrateOne(priorityLevelConfigurationV1beta2, object).spec).toEqual({ type: "Exempt" });
  });
});

describe("priority-level-configuration-v1beta3", () => {
  it.each([
    ["a share stays", 5, {}, 5],
    ["0 is pinned to 30", 0, {}, 30],
    ["0 with the annotation stays 0", 0, { [preserveZero]: "" }, 0],
    ["a share with the annotation stays", 7, { [preserveZero]: "" }, 7],
    ["absent shares stay absent", undefined, {}, undefined],
  ])("%s", (_name, nominalConcurrencyShares, annotations, becomes) => {
    const metadata = { name: "level", annotations: { ...annotations, mine: "stays" } };
    const object = objectFor(priorityLevelConfigurationV1beta3, {
      metadata,
      spec: { limited: { nominalConcurrencyShares } },
    });
    const migrated = migrateOne(priorityLevelConfigurationV1beta3, object);
    expect(migrated.spec).toEqual({ limited: { nominalConcurrencyShares: becomes } });
    expect(migrated.metadata).toEqual({ name: "level", annotations: { mine: "stays" } });
  });

  it("adds no annotations where there are none", () => {
    const object = objectFor(priorityLevelConfigurationV1beta3, { spec: { type: "Exempt" } });
    expect(migrateOne(priorityLevelConfigurationV1beta3, object).metadata).toEqual(object.metadata);
  });
});
