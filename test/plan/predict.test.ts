import { describe, expect, it } from "vitest";
import { apiRemovals, isRemovedAt } from "../../migrations/api-removals.js";
import { parseKubeVersion } from "../../src/model/kube-version.js";
import { type ApiResource, apiVersionOf, groupOf, versionOf } from "../../src/model/objects.js";
import { predictResources } from "../../src/plan/predict.js";

function resource(apiVersion: string, kind: string): ApiResource {
  const plural = `${kind.toLowerCase()}s`;
  return {
    group: groupOf(apiVersion),
    version: versionOf(apiVersion),
    kind,
    resource: plural,
    namespaced: true,
    verbs: ["get", "list"],
    subresources: ["status"],
  };
}

function predicted(blue: [string, string][], to: string): string[] {
  const version = parseKubeVersion(to);
  if (!version) throw new Error(to);
  return predictResources(
    blue.map(([apiVersion, kind]) => resource(apiVersion, kind)),
    version,
  ).map(({ group, version: v, kind }) => `${apiVersionOf(group, v)} ${kind}`);
}

describe("predictResources", () => {
  it.each<[string, [string, string][], string, string[]]>([
    [
      "what no table names stays",
      [
        ["v1", "Pod"],
        ["acme.example/v1", "Widget"],
      ],
      "1.35",
      ["v1 Pod", "acme.example/v1 Widget"],
    ],
    ["what is gone gives way to its successor", [["batch/v1beta1", "CronJob"]], "1.35", ["batch/v1 CronJob"]],
    [
      "once, also where blue serves both",
      [
        ["batch/v1beta1", "CronJob"],
        ["batch/v1", "CronJob"],
      ],
      "1.35",
      ["batch/v1 CronJob"],
    ],
    ["what is still served stays alone", [["batch/v1beta1", "CronJob"]], "1.24", ["batch/v1beta1 CronJob"]],
    [
      "no successor is promised before its time",
      [["autoscaling/v2beta1", "HorizontalPodAutoscaler"]],
      "1.22",
      ["autoscaling/v2beta1 HorizontalPodAutoscaler"],
    ],
    [
      "chains of successors are followed",
      [["flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema"]],
      "1.35",
      ["flowcontrol.apiserver.k8s.io/v1 FlowSchema"],
    ],
    [
      "to where the release stands",
      [["flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema"]],
      "1.26",
      ["flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema"],
    ],
    ["what has no successor is gone", [["policy/v1beta1", "PodSecurityPolicy"]], "1.25", []],
    [
      "the last release before it still has it",
      [["policy/v1beta1", "PodSecurityPolicy"]],
      "1.24",
      ["policy/v1beta1 PodSecurityPolicy"],
    ],
    ["a group can change", [["extensions/v1beta1", "Ingress"]], "1.22", ["networking.k8s.io/v1 Ingress"]],
    ["a chain may end in nothing", [["extensions/v1beta1", "PodSecurityPolicy"]], "1.35", []],
  ])("%s", (_, blue, to, expected) => {
    expect(predicted(blue, to)).toEqual(expected);
  });

  it("never predicts what the table says is gone, and only drops what has no successor, for every release", () => {
    for (let minor = 16; minor <= 36; minor++) {
      const to = { major: 1, minor };
      for (const removal of apiRemovals) {
        const from = resource(apiVersionOf(removal.group, removal.version), removal.kind);
        const [only, ...others] = predictResources([from], to);
        expect(others).toEqual([]);
        if (!isRemovedAt(removal, to)) expect(only).toEqual(from);
        else if (removal.replacement === null) expect(only).toBeUndefined();
        for (const again of only ? apiRemovals : []) {
          const same = again.group === only?.group && again.version === only.version && again.kind === only.kind;
          if (same) expect(isRemovedAt(again, to), `${again.version} ${again.kind} at 1.${minor}`).toBe(false);
        }
      }
    }
  });

  it("keeps how a resource is served", () => {
    const [only] = predictResources([resource("batch/v1beta1", "CronJob")], { major: 1, minor: 35 });
    expect(only).toEqual({ ...resource("batch/v1", "CronJob") });
  });
});
