import { describe, expect, it } from "vitest";
import { cacheFolder } from "../../../src/sandbox/binaries/cache-folder.js";
import { kubernetesLdflags, recipeOf } from "../../../src/sandbox/binaries/recipe.js";
import { findChecksum, releaseOf } from "../../../src/sandbox/binaries/release.js";
import {
  binaryNames,
  controlPlaneBinaries,
  firstEstimates,
  isKubernetesVersion,
  kubernetesVersions,
} from "../../../src/sandbox/binaries/versions.js";

describe("the table of versions", () => {
  it.each([...binaryNames])("has a recipe, a release for Linux and a first estimate for %s", (name) => {
    const recipe = recipeOf(name);
    expect(recipe.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(recipe.package.startsWith(recipe.module)).toBe(true);
    expect(firstEstimates[name]).toBeGreaterThan(0);
    // Published as a container's image alone.
    if (name === "velero-plugin-for-aws") return;
    for (const architecture of ["x64", "arm64"] as const) {
      const release = releaseOf(recipe, "linux", architecture);
      expect(release?.url).toContain(`v${recipe.version}`);
      expect(release?.url).toMatch(/^https:\/\/(dl\.k8s\.io|github\.com)\//);
    }
  });

  it("gives each version's control plane six programs", () => {
    for (const version of kubernetesVersions) expect(new Set(controlPlaneBinaries(version)).size).toBe(6);
  });

  it("builds one module's programs in one folder", () => {
    expect(recipeOf("kwok").unit).toBe(recipeOf("kwokctl").unit);
    expect(recipeOf("kube-apiserver@1.24.17").unit).toBe(recipeOf("kube-scheduler@1.24.17").unit);
    expect(recipeOf("kube-apiserver@1.24.17").unit).not.toBe(recipeOf("kube-apiserver@1.35.4").unit);
  });

  it.each([
    ["1.24.17", true],
    ["v1.24.17", false],
    ["1.24", false],
    ["1.30.0", false],
  ])("knows %s: %s", (version, known) => {
    expect(isKubernetesVersion(version)).toBe(known);
  });
});

describe("recipes", () => {
  it("stamp Kubernetes' version in all three places", () => {
    const flags = kubernetesLdflags("1.24.17").split(" -X ");
    expect(flags[0]).toBe("-s -w");
    for (const path of [
      "k8s.io/component-base/version",
      "k8s.io/client-go/pkg/version",
      "k8s.io/kubernetes/pkg/version",
    ]) {
      expect(flags).toEqual(
        expect.arrayContaining([
          `${path}.gitVersion=v1.24.17`,
          `${path}.gitMajor=1`,
          `${path}.gitMinor=24`,
          `${path}.gitTreeState=clean`,
        ]),
      );
    }
    expect(flags).toHaveLength(13);
  });

  it.each([
    ["1.35.4", ""],
    ["1.24.17", "providerless"],
    ["1.15.12", "providerless"],
  ] as const)("tags of %s: %j", (version, tags) => {
    expect(recipeOf(`kube-apiserver@${version}`).tags).toBe(tags);
  });

  it("stamp Pulumi's version, which the Automation API asks for", () => {
    expect(recipeOf("pulumi").ldflags).toMatch(/version\.Version=v3\.200\.0$/);
  });
});

describe("releases", () => {
  const etcd = { program: "etcd", version: "3.6.5" };
  it.each([
    ["linux", "x64", "etcd-v3.6.5-linux-amd64.tar.gz", "etcd-v3.6.5-linux-amd64/etcd"],
    ["linux", "arm64", "etcd-v3.6.5-linux-arm64.tar.gz", "etcd-v3.6.5-linux-arm64/etcd"],
    ["darwin", "arm64", "etcd-v3.6.5-darwin-arm64.zip", "etcd-v3.6.5-darwin-arm64/etcd"],
  ] as const)("of etcd for %s on %s", (platform, architecture, file, member) => {
    expect(releaseOf(etcd, platform, architecture)).toMatchObject({ file, member });
  });

  it.each([
    ["kube-apiserver", "darwin", "arm64"],
    ["velero-plugin-for-aws", "linux", "x64"],
    ["etcd", "win32", "x64"],
    ["pulumi", "linux", "riscv64"],
  ] as const)("there is none of %s for %s on %s", (program, platform, architecture) => {
    expect(releaseOf({ program, version: "1.2.3" }, platform, architecture)).toBeUndefined();
  });
});

describe("findChecksum", () => {
  const [a, b] = ["a".repeat(64), "b".repeat(64)];
  it.each([
    ["the hash alone", `${a}\n`, "x", a],
    ["one of several", `${a}  x\n${b}  y\n`, "y", b],
    ["binary mode's star", `${a} *x\n${b} *y\n`, "y", b],
    ["upper case", `${a.toUpperCase()}  x`, "x", a],
    ["another file's only line", `${a}  y\n`, "x", undefined],
    ["a page of HTML", "<html>not found</html>", "x", undefined],
    ["a hash of another length", `${a.slice(1)}  x`, "x", undefined],
    ["nothing", "", "x", undefined],
  ])("%s", (_, text, file, expected) => {
    expect(findChecksum(text, file)).toBe(expected);
  });
});

describe("cacheFolder", () => {
  it.each([
    [{}, "linux", "/home/me/.cache/clustershift"],
    [{}, "darwin", "/home/me/Library/Caches/clustershift"],
    [{ XDG_CACHE_HOME: "/big" }, "darwin", "/big/clustershift"],
    [{ XDG_CACHE_HOME: "" }, "linux", "/home/me/.cache/clustershift"],
  ] as const)("%j on %s is %s", (env, platform, expected) => {
    expect(cacheFolder(env, platform, "/home/me")).toBe(expected);
  });
});
