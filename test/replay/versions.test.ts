import { describe, expect, it } from "vitest";
import type { Migration } from "../../src/model/migration.js";
import { chooseVersions, resourceFinder } from "../../src/replay/versions.js";
import { definition, resource } from "./objects.js";

const migration = (id: string, group: string, kind: string, versions: string[], to: string | null): Migration => ({
  id,
  from: { group, kind, versions },
  to,
  removedIn: "1.22",
  summary: id,
  migrate: (object) => ({ result: "objects", objects: [object] }),
});
const migrations = [
  migration("psp", "policy", "PodSecurityPolicy", ["v1beta1"], null),
  migration("ingress-extensions", "extensions", "Ingress", ["v1beta1"], "networking.k8s.io/v1"),
  migration("ingress", "networking.k8s.io", "Ingress", ["v1beta1"], "networking.k8s.io/v1"),
  migration("hpa-dropped", "autoscaling", "HorizontalPodAutoscaler", ["v2beta1"], null),
  migration("hpa", "autoscaling", "HorizontalPodAutoscaler", ["v2beta1"], "autoscaling/v2"),
];
const widget = definition("Widget", "acme.example", ["v1beta1", "v1"]);

const cases: [string, string[], string[], string[]][] = [
  [
    "the newest of both",
    ["batch/v1 CronJob", "batch/v1beta1 CronJob"],
    ["batch/v1 CronJob"],
    ["common batch/v1 -> batch/v1"],
  ],
  ["GA before beta, whatever the order", ["a/v1beta1 A", "a/v1 A"], ["a/v1beta1 A", "a/v1 A"], ["common a/v1 -> a/v1"]],
  ["an older one where only it is shared", ["a/v2 A", "a/v1 A"], ["a/v3 A", "a/v1 A"], ["common a/v1 -> a/v1"]],
  [
    "a migration into another group",
    ["extensions/v1beta1 Ingress"],
    ["networking.k8s.io/v1 Ingress"],
    ["migration extensions/v1beta1 -> networking.k8s.io/v1 by ingress-extensions"],
  ],
  [
    "one storage under two groups once",
    ["extensions/v1beta1 Ingress", "networking.k8s.io/v1beta1 Ingress"],
    ["networking.k8s.io/v1 Ingress"],
    ["migration networking.k8s.io/v1beta1 -> networking.k8s.io/v1 by ingress"],
  ],
  [
    "a common version before a migration",
    ["policy/v1beta1 PodSecurityPolicy"],
    ["policy/v1beta1 PodSecurityPolicy"],
    ["common policy/v1beta1 -> policy/v1beta1"],
  ],
  [
    "a drop where nothing succeeds",
    ["policy/v1beta1 PodSecurityPolicy"],
    ["v1 Pod"],
    ["migration policy/v1beta1 -> null by psp"],
  ],
  [
    "a successor before a drop",
    ["autoscaling/v2beta1 HorizontalPodAutoscaler"],
    ["autoscaling/v2 HorizontalPodAutoscaler"],
    ["migration autoscaling/v2beta1 -> autoscaling/v2 by hpa"],
  ],
  [
    "no migration to what green doesn't serve",
    ["networking.k8s.io/v1beta1 Ingress"],
    ["v1 Pod"],
    ["none networking.k8s.io/v1beta1 -> null"],
  ],
  [
    "a custom kind in its stored version",
    ["acme.example/v1 Widget", "acme.example/v1beta1 Widget"],
    [],
    ["custom acme.example/v1beta1 -> acme.example/v1beta1"],
  ],
  [
    "a custom kind in a version that green has, where it has one",
    ["acme.example/v1 Widget", "acme.example/v1beta1 Widget"],
    ["acme.example/v1 Widget"],
    ["custom acme.example/v1 -> acme.example/v1"],
  ],
  [
    "nothing of aggregated kinds that nobody defines",
    ["metrics.acme.example/v1 Metric"],
    [],
    ["none metrics.acme.example/v1 -> null"],
  ],
];

describe("chooseVersions", () => {
  it.each(cases)("chooses %s", (_, blue, green, expected) => {
    const choices = chooseVersions(
      blue.map((what) => resource(what)),
      green.map((what) => resource(what)),
      migrations,
      [widget],
    );
    const apiVersion = (r: { group: string; version: string }) => (r.group ? `${r.group}/${r.version}` : r.version);
    expect(
      choices.map(
        ({ path, readAs, writeAs, migration }) =>
          `${path} ${apiVersion(readAs)} -> ${writeAs}${migration ? ` by ${migration.id}` : ""}`,
      ),
    ).toEqual(expected);
  });

  it("leaves out what can't be listed, and doesn't write what can't be created", () => {
    const review = resource("authorization.k8s.io/v1 SubjectAccessReview", { verbs: ["create"] });
    const readOnly = resource("v1 ComponentStatus", { verbs: ["get", "list"] });
    const choices = chooseVersions([review, readOnly], [review, readOnly], [], []);
    expect(choices.map(({ readAs, path }) => [readAs.kind, path])).toEqual([["ComponentStatus", "none"]]);
  });
});

describe("resourceFinder", () => {
  it("knows what green serves, and what blue's definitions will make it serve", () => {
    const find = resourceFinder([resource("v1 Pod")], [widget]);
    expect(find("v1", "Pod")?.resource).toBe("pods");
    expect(find("acme.example/v1", "Widget")).toMatchObject({ resource: "widgets", namespaced: true });
    expect(find("acme.example/v2", "Widget")).toBeUndefined();
  });
});
