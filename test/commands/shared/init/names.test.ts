import { expect, it } from "vitest";
import { familyName, successorName } from "../../../../src/commands/shared/init/names.js";

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
