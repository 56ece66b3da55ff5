import { expect, it } from "vitest";
import { blueHandOverPermissions } from "../../src/kube/permissions.js";
import type { Selector } from "../../src/model/selector.js";

const rulesFor = (...selects: Selector[]) => {
  const objects = blueHandOverPermissions(selects.map((select, index) => ({ name: `r${index}`, reason: "", select })));
  const role = objects.find(({ kind }) => kind === "ClusterRole") as unknown as {
    rules: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[];
  };
  return role.rules.map(({ resources, resourceNames = ["*"], verbs }) =>
    [resources.join(), resourceNames.join(), verbs.join()].join(" | "),
  );
};
const always = ["scaledobjects | * | get,patch", "namespaces | kube-system | get"];

it.each<[string, Selector[], string[]]>([
  [
    "all that can be exclusive, where no rule says less",
    [],
    [
      "cronjobs | * | get,patch",
      "deployments | * | get,patch",
      "replicasets | * | get,patch",
      "statefulsets | * | get,patch",
    ],
  ],
  ["the kind that is named", [{ kind: "CronJob", namespace: "shop" }], ["cronjobs | * | get,patch"]],
  [
    "names, where each rule has one",
    [
      { kind: "Deployment", name: "b" },
      { kind: "Deployment", name: "a" },
    ],
    ["deployments | a,b | get,patch"],
  ],
  [
    "all of a kind, where one rule's name is a pattern",
    [
      { kind: "Deployment", name: "b" },
      { kind: "Deployment", name: "a-*" },
    ],
    ["deployments | * | get,patch"],
  ],
  ["the kinds of a group", [{ group: "batch", name: "nightly" }], ["cronjobs | nightly | get,patch"]],
])("the hand-over's role: %s", (_, selects, expected) => {
  expect(rulesFor(...selects)).toEqual([...expected, ...always]);
});
