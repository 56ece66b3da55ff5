import { describe, expect, it } from "vitest";
import { isOurs, managersOf, type Path } from "../../src/replay/managed-fields.js";
import { object } from "./objects.js";

const live = object(
  "apps/v1 Deployment shop/web",
  {
    spec: {
      replicas: 3,
      template: {
        spec: {
          containers: [
            { name: "a", image: "i" },
            { name: "b", args: ["x"] },
          ],
        },
      },
    },
  },
  {
    finalizers: ["acme.example/a", "acme.example/b"],
    labels: { app: "web", team: "shop" },
    managedFields: [
      {
        manager: "clustershift",
        operation: "Update",
        apiVersion: "apps/v1",
        fieldsV1: {
          "f:metadata": { "f:labels": { ".": {}, "f:app": {} }, "f:finalizers": { 'v:"acme.example/a"': {} } },
          "f:spec": {
            "f:template": {
              "f:spec": { "f:containers": { 'k:{"name":"a"}': { ".": {}, "f:name": {}, "f:image": {} } } },
            },
          },
        },
      },
      {
        manager: "kubectl",
        operation: "Update",
        apiVersion: "apps/v1",
        fieldsV1: { "f:metadata": { "f:labels": { "f:team": {} } }, "f:spec": { "f:replicas": {} } },
      },
      {
        manager: "helm",
        operation: "Update",
        apiVersion: "apps/v1",
        fieldsV1: {
          "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"b"}': { "f:args": {} } } } } },
        },
      },
    ],
  },
);

describe("managersOf", () => {
  it.each<[Path, string[]]>([
    [["metadata", "labels", "app"], ["clustershift"]],
    [["metadata", "labels", "team"], ["kubectl"]],
    [["metadata", "labels", "none"], []],
    [["metadata", "finalizers", 0], ["clustershift"]],
    [["metadata", "finalizers", 1], []],
    [["spec", "replicas"], ["kubectl"]],
    [["spec", "template", "spec", "containers", 0, "image"], ["clustershift"]],
    [["spec", "template", "spec", "containers", 1, "image"], []],
    // An atomic list belongs to whoever wrote the list.
    [["spec", "template", "spec", "containers", 1, "args", 0], ["helm"]],
  ])("%j was written by %j", (path, managers) => {
    expect(managersOf(live, path)).toEqual(managers);
  });

  it("knows what an earlier replay made", () => {
    expect(isOurs(live)).toBe(true);
    expect(isOurs(object("v1 ConfigMap a/b", {}, { managedFields: [{ manager: "kubectl" }] }))).toBe(false);
  });
});
