import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { autoscaledAmong } from "../../src/replay/arrive.js";
import { compareObjects } from "../../src/replay/compare.js";
import { entriesOf } from "../../src/replay/field-managers/entries.js";
import { cameAboutOnGreen, intended, writtenOf } from "../../src/replay/ledger.js";
import { object } from "./objects.js";

const context = autoscaledAmong([]);

function entry(manager: string, fieldsV1: JsonObject, time: string): JsonObject {
  return { manager, operation: "Update", apiVersion: "v1", time, fieldsV1 };
}

const early = "2026-01-01T00:00:00Z";
const helm = entry("helm", { "f:data": { "f:a": {}, "f:b": {} } }, early);
const config = (data: JsonObject, metadata: JsonObject = {}): KubeObject =>
  object("v1 ConfigMap shop/c", { data }, metadata);

/** Where blue's and green's next look at the object differs, and whether that came about on green. */
function judged(wanted: KubeObject, live: KubeObject, then = config({ a: "1", b: "1" })): Record<string, boolean> {
  const written = writtenOf(then, { ...then, metadata: { ...then.metadata, managedFields: [helm] } }, context);
  const owners = entriesOf(config({}, { managedFields: [helm] }));
  return Object.fromEntries(
    compareObjects(wanted, live).map((it) => [
      it.path.join("."),
      cameAboutOnGreen(it, written, { wanted, live, owners, context }),
    ]),
  );
}

describe("what the ledger tells", () => {
  it("blue changed: nobody wrote on green since", () => {
    const live = config({ a: "1", b: "1" }, { managedFields: [helm] });
    expect(judged(config({ a: "2", b: "1", c: "1" }), live)).toEqual({ "data.a": false, "data.c": false });
  });

  it("green changed: blue is as it was", () => {
    const person = entry("person", { "f:data": { "f:a": {} } }, "2026-02-01T00:00:00Z");
    const live = config({ a: "9", b: "1" }, { managedFields: [helm, person] });
    expect(judged(config({ a: "1", b: "1" }), live)).toEqual({ "data.a": true });
  });

  it("both changed: each difference by who wrote it", () => {
    const person = entry("person", { "f:data": { "f:x": {} } }, "2026-02-01T00:00:00Z");
    const live = config({ a: "1", b: "1", x: "1" }, { managedFields: [helm, person] });
    expect(judged(config({ a: "2", b: "1" }), live)).toEqual({ "data.a": false, "data.x": true });
  });

  it("somebody took a field off on green, while blue changed another", () => {
    const less = entry("helm", { "f:data": { "f:a": {} } }, early);
    const live = config({ a: "1" }, { managedFields: [less] });
    expect(judged(config({ a: "2", b: "1" }), live)["data.b"]).toBe(true);
  });

  it("nobody keeps track on green: what was touched is believed to be", () => {
    expect(judged(config({ a: "2", b: "1" }), config({ a: "1", b: "1", x: "1" }))).toEqual({
      "data.a": true,
      "data.x": true,
    });
    expect(judged(config({ a: "2", b: "1" }), config({ a: "1", b: "1" }))).toEqual({ "data.a": false });
  });

  it("controllers' bookkeeping touches nothing", () => {
    const live = config(
      { a: "1", b: "1" },
      { annotations: { "deployment.kubernetes.io/revision": "7" }, managedFields: [] },
    );
    expect(judged(config({ a: "2", b: "1" }), live)["data.a"]).toBe(false);
  });

  it("keeps nothing of a Secret by which its values could be tried out", () => {
    const secret = (value: string) =>
      object(
        "v1 Secret shop/s",
        { data: { key: value } },
        {
          resourceVersion: "7",
          annotations: { "kubectl.kubernetes.io/last-applied-configuration": value },
        },
      );
    expect(writtenOf(secret("YQ=="), secret("YQ=="), context)).toEqual(
      writtenOf(secret("Yg=="), secret("Yg=="), context),
    );
    expect(intended(secret("YQ=="))).toEqual(intended(secret("Yg==")));
  });
});
