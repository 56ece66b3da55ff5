import { describe, expect, it } from "vitest";
import { migrationFor, migrations } from "../../../../migrations/index.js";
import type { JsonObject } from "../../../../src/model/objects.js";
import { object } from "../../objects.js";
import { adapt } from "./adapt.js";

const crd = (spec: JsonObject, annotations?: Record<string, string>) =>
  object(
    "apiextensions.k8s.io/v1 CustomResourceDefinition things.acme.example",
    { spec: { group: "acme.example", scope: "Namespaced", names: { plural: "things", kind: "Thing" }, ...spec } },
    annotations ? { annotations } : {},
  );
const version = { name: "v1", served: true, storage: true };
const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const strict = { type: "object", properties: { spec: { type: "object", properties: { a: { type: "string" } } } } };

describe("definition-refused-by-v1", () => {
  it("gives a version without a schema one that takes anything", () => {
    const adapted = adapt(crd({ preserveUnknownFields: true, versions: [version] }));
    expect(adapted.object).toEqual(crd({ versions: [{ ...version, schema: { openAPIV3Schema: anything } }] }));
    expect(adapted.remarks.map(({ id }) => id)).toEqual(["crd-without-schema"]);
    expect(adapted.by).toEqual(["definition-refused-by-v1"]);
  });

  it("keeps unknown fields at every object, where they were kept", () => {
    const adapted = adapt(
      crd({ preserveUnknownFields: true, versions: [{ ...version, schema: { openAPIV3Schema: strict } }] }),
    );
    const spec = { ...anything, properties: { a: { type: "string" } } };
    expect(adapted.object).toEqual(
      crd({ versions: [{ ...version, schema: { openAPIV3Schema: { ...anything, properties: { spec } } } }] }),
    );
    expect(adapted.remarks.map(({ id }) => id)).toEqual(["crd-keeps-unknown-fields"]);
  });

  it.each([
    ["that v1 takes", {}],
    ["that says it prunes", { preserveUnknownFields: false }],
  ])("leaves a definition %s alone", (_, more) => {
    const fine = crd({ ...more, versions: [{ ...version, schema: { openAPIV3Schema: strict } }] });
    expect(adapt(fine)).toEqual({ object: fine, remarks: [], by: [] });
  });

  it("has nothing left to do after a migration", () => {
    const old = { ...crd({ version: "v1" }), apiVersion: "apiextensions.k8s.io/v1beta1" };
    const group = { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" };
    const migrated = migrationFor(migrations, group, "v1beta1")?.migrate(old);
    const [first] = migrated?.result === "objects" ? migrated.objects : [];
    expect(first && adapt(first).by).toEqual([]);
  });
});

describe("webhooks-refused-by-v1", () => {
  const hooks = (...webhooks: JsonObject[]) =>
    object("admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration hooks", { webhooks });
  const fine = { name: "a.acme.example", sideEffects: "None", admissionReviewVersions: ["v1"] };

  it("declares side effects that weren't, and tells a person", () => {
    const adapted = adapt(
      hooks({ ...fine, sideEffects: "Unknown" }, { ...fine, name: "b.acme.example", sideEffects: "Some" }),
    );
    expect(adapted.object.webhooks).toEqual([
      { ...fine, sideEffects: "NoneOnDryRun" },
      { ...fine, name: "b.acme.example", sideEffects: "NoneOnDryRun" },
    ]);
    expect(adapted.remarks).toMatchObject([{ id: "webhook-side-effects-assumed", severity: "warning" }]);
    expect(adapted.remarks[0]?.why).toContain("a.acme.example (Unknown), b.acme.example (Some)");
  });

  it("gives a name that is taken a number", () => {
    const long = { ...fine, name: `${"x".repeat(63)}.acme.example` };
    const adapted = adapt(hooks(fine, fine, { ...fine, name: "a-2.acme.example" }, fine, long, long));
    expect((adapted.object.webhooks as JsonObject[]).map(({ name }) => name)).toEqual([
      "a.acme.example",
      "a-2.acme.example",
      "a-2-2.acme.example",
      "a-3.acme.example",
      long.name,
      `${"x".repeat(61)}-2.acme.example`,
    ]);
    expect(adapted.remarks).toMatchObject([{ id: "webhook-names-made-unique", severity: "note" }]);
  });

  it("leaves webhooks that v1 takes alone", () => {
    expect(adapt(hooks(fine))).toEqual({ object: hooks(fine), remarks: [], by: [] });
  });
});
