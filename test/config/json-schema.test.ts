import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { configJsonSchema } from "../../src/config/json-schema.js";
import { fixtures } from "./fixtures.js";

interface Schema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

const schema = configJsonSchema() as Schema;

/** Every schema within one, with where it stands. */
function walk(node: Schema, path = "$"): { path: string; node: Schema }[] {
  return [
    { path, node },
    ...Object.entries(node.properties ?? {}).flatMap(([key, inner]) => walk(inner, `${path}.${key}`)),
    ...(node.items ? walk(node.items, `${path}[]`) : []),
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((inner, i) => walk(inner, `${path}|${i}`)),
  ];
}

/** What an editor would say: the schema is read back by zod, which knows none of our own refinements. */
const editor = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);

describe("the published JSON Schema", () => {
  it("says what it is, and describes every top-level key", () => {
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(schema.title).toBe("clustershift.yaml");
    expect(Object.keys(schema.properties ?? {})).toEqual(
      expect.arrayContaining(["apiVersion", "blue", "green", "aws", "window", "smoke", "traffic", "replay", "soak"]),
    );
  });

  it("refuses unknown keys in every mapping of ours", () => {
    const mappings = walk(schema).filter(({ node }) => node.properties);
    expect(mappings.length).toBeGreaterThan(15);
    for (const { path, node } of mappings) expect(node.additionalProperties, path).toBe(false);
  });

  it("asks for what has no default, and for nothing else", () => {
    expect(schema.required?.sort()).toEqual(["apiVersion", "blue", "environment", "green"]);
    for (const { path, node } of walk(schema)) {
      for (const key of node.required ?? []) expect(node.properties?.[key]?.default, `${path}.${key}`).toBeUndefined();
    }
  });

  it("shows the defaults", () => {
    const { smoke, traffic, soak } = schema.properties ?? {};
    expect(soak?.default).toBe("24h");
    expect(smoke?.properties?.maxAge?.default).toBe("30m");
    expect(traffic?.properties?.steps?.default).toEqual([1, 5, 25, 50, 100]);
  });

  it.each(fixtures("valid"))("accepts $name", ({ text }) => {
    expect(editor.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
  });

  it.each([
    "unknown-key",
    "missing-context",
    "api-version",
    "version-float",
    "steps-zero",
    "kinds",
    "ports",
    "recipient",
    "green-name",
    "name-blank",
    "mapping-for-text",
  ])("refuses invalid-%s.yaml", (name) => {
    const fixture = fixtures("invalid").find((each) => each.name === `invalid-${name}.yaml`);
    expect(editor.safeParse(parse(fixture?.text ?? "")).success).toBe(false);
  });
});
