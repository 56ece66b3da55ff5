import { describe, expect, it } from "vitest";
import {
  type ApiRemoval,
  apiRemovals,
  isDeprecatedAt,
  isRemovedAt,
  removalOf,
  replacementAt,
} from "../../migrations/api-removals.js";
import { compareMinor, parseKubeVersion } from "../../src/model/kube-version.js";

function release(text: string) {
  const version = parseKubeVersion(text);
  if (!version) throw new Error(`no version: ${text}`);
  return version;
}

function removal(group: string, version: string, kind: string): ApiRemoval {
  const found = removalOf(apiRemovals, { group, version, kind });
  if (!found) throw new Error(`not in the table: ${group}/${version} ${kind}`);
  return found;
}

const flowcontrol = "flowcontrol.apiserver.k8s.io";

describe("the table of removals", () => {
  it("names each once, in the order of releases from 1.14 to 1.35", () => {
    const keys = apiRemovals.map(({ group, version, kind }) => `${group}/${version} ${kind}`);
    expect(new Set(keys).size).toBe(keys.length);
    const releases = apiRemovals.map(({ removedIn }) => release(removedIn));
    expect(releases).toEqual(releases.toSorted(compareMinor));
    expect([releases[0], releases.at(-1)]).toEqual([release("1.14"), release("1.35")]);
  });

  it.each(apiRemovals)("$group/$version $kind was deprecated before it was removed", (each) => {
    const { deprecatedIn, removedIn, version } = each;
    if (deprecatedIn === null) expect(version).toContain("alpha");
    else expect(compareMinor(release(deprecatedIn), release(removedIn))).toBeLessThan(0);
    expect(each.replacement).not.toBe(`${each.group}/${each.version}`);
  });

  it("has what the deprecation guide lists, by release", () => {
    const counts: Record<string, number> = {};
    for (const { removedIn } of apiRemovals) counts[removedIn] = (counts[removedIn] ?? 0) + 1;
    expect(counts).toMatchObject({ "1.16": 18, "1.22": 23, "1.25": 8, "1.26": 3, "1.27": 1, "1.29": 2 });
  });
});

describe("removal and deprecation at a release", () => {
  it.each([
    ["1.20", false, false],
    ["1.21", true, false],
    ["1.24", true, false],
    ["1.25", false, true],
    ["1.35", false, true],
  ])("PodDisruptionBudget v1beta1 at %s: deprecated %s, removed %s", (at, deprecated, removed) => {
    const pdb = removal("policy", "v1beta1", "PodDisruptionBudget");
    expect(isDeprecatedAt(pdb, release(at))).toBe(deprecated);
    expect(isRemovedAt(pdb, release(at))).toBe(removed);
  });

  it("an alpha that was never declared deprecated isn't, up to its end", () => {
    const preset = removal("settings.k8s.io", "v1alpha1", "PodPreset");
    expect(isDeprecatedAt(preset, release("1.19"))).toBe(false);
    expect(isRemovedAt(preset, release("1.20"))).toBe(true);
  });
});

describe("replacementAt", () => {
  it.each([
    [flowcontrol, "v1beta1", "FlowSchema", "1.26", `${flowcontrol}/v1beta2`],
    [flowcontrol, "v1beta1", "FlowSchema", "1.29", `${flowcontrol}/v1beta3`],
    [flowcontrol, "v1beta1", "FlowSchema", "1.35", `${flowcontrol}/v1`],
    ["extensions", "v1beta1", "PodSecurityPolicy", "1.24", "policy/v1beta1"],
    ["extensions", "v1beta1", "PodSecurityPolicy", "1.25", null],
    ["extensions", "v1beta1", "Ingress", "1.35", "networking.k8s.io/v1"],
    ["apps", "v1beta1", "DeploymentRollback", "1.35", null],
  ])("%s/%s %s at %s is %s", (group, version, kind, at, becomes) => {
    expect(replacementAt(apiRemovals, removal(group, version, kind), release(at))).toBe(becomes);
  });
});
