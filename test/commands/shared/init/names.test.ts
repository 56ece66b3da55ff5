import { expect, it } from "vitest";
import { familyName, freshName, successorName } from "../../../../src/commands/shared/init/names.js";

it.each([
  ["blue.acme.example", "acme"],
  ["prod.k8s.acme.example", "prod"],
  ["prod-1-24", "prod"],
  ["prod-blue.acme.example", "prod"],
  ["green-prod", "prod"],
  ["data-2023-05.acme.example", "data"],
  ["data-20230514", "data"],
  ["arn:aws:eks:eu-west-1:123456789012:cluster/shop-1-34", "shop"],
  ["admin@prod.eu-west-1.eksctl.io", "prod"],
  ["green-1-35", "main"],
  ["blue", "main"],
  ["évreux.example", "vreux"],
  ["a-cluster-with-a-name-of-many-letters", "a-cluster-with-a-nam"],
])("the family of %s is %s", (cluster, family) => {
  expect(familyName(cluster)).toBe(family);
  expect(successorName(family, "1.35")).toBe(`${family}-1-35`);
});

it.each<[family: string, used: string[], name: string]>([
  ["acme", [], "acme-1-35"],
  ["acme", ["acme-1-35"], "acme-1-35-2026-11-28"],
  ["acme", ["acme-1-35", "acme-1-35-2026-11-28"], "acme-1-35-2026-11-28-2"],
  ["a-cluster-with-a-nam", ["a-cluster-with-a-nam-1-35"], "a-cluster-with-a-1-35-2026-11-28"],
])("%s after %j is followed by %s, which is of the same family", (family, used, name) => {
  expect(freshName(family, "1.35", new Date("2026-11-28T12:00:00Z"), new Set(used))).toBe(name);
  expect(family.startsWith(familyName(name))).toBe(true);
  expect(name.length).toBeLessThanOrEqual(32);
});
