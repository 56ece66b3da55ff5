import { describe, expect, it } from "vitest";
import { parseGoMod, writeGoMod } from "../../../src/sandbox/binaries/go-module.js";

const kubernetes = `module k8s.io/kubernetes

go 1.16

require k8s.io/api v0.0.0 // indirect

replace (
	github.com/a/b => github.com/a/b v1.2.3
	github.com/c/d v1.0.0 => example.org/d v0.1.0 // a fork
	k8s.io/api => ./staging/src/k8s.io/api
	vbom.ml/util => vbom.ml/util v0.0.0-20160121211510-db5cfe13f5cc
)

replace github.com/e/f => github.com/e/f v0.0.1
`;

describe("writeGoMod", () => {
  it("copies replacements, and takes staging folders from where they're published", () => {
    expect(writeGoMod({ module: "k8s.io/kubernetes", version: "1.24.17", goMod: parseGoMod(kubernetes) })).toBe(
      `module clustershift.local/build
go 1.16
require k8s.io/kubernetes v1.24.17
replace (
	github.com/a/b => github.com/a/b v1.2.3
	github.com/c/d v1.0.0 => example.org/d v0.1.0
	k8s.io/api => k8s.io/api v0.24.17
	vbom.ml/util => github.com/fvbommel/util v0.0.0-20180919145318-efcd4e0f9787
	github.com/e/f => github.com/e/f v0.0.1
)
`,
    );
  });

  it("takes the next version of what today's Go makes crash, and leaves a good one alone", () => {
    const pinned = (version: string) =>
      writeGoMod({
        module: "k8s.io/kubernetes",
        version: "1.21.14",
        goMod: parseGoMod(`replace github.com/modern-go/reflect2 => github.com/modern-go/reflect2 ${version}\n`),
      });
    expect(pinned("v1.0.1")).toContain("\tgithub.com/modern-go/reflect2 => github.com/modern-go/reflect2 v1.0.2\n");
    expect(pinned("v1.0.3")).toContain("\tgithub.com/modern-go/reflect2 => github.com/modern-go/reflect2 v1.0.3\n");
  });

  it("leaves other folders to the requirement, and needs no block for none", () => {
    const goMod = parseGoMod(
      "go 1.24\nreplace go.etcd.io/etcd/api/v3 => ../api\nreplace x => ./FORBIDDEN_DEPENDENCY\n",
    );
    const text = writeGoMod({ module: "go.etcd.io/etcd/server/v3", version: "3.6.5", goMod });
    expect(text).toBe("module clustershift.local/build\ngo 1.24\nrequire go.etcd.io/etcd/server/v3 v3.6.5\n");
  });

  it("builds from a copy of the source where there is one", () => {
    const text = writeGoMod({
      module: "k8s.io/kubernetes",
      version: "1.15.12",
      goMod: { replaces: [] },
      source: "./src",
    });
    expect(text).toContain("replace (\n\tk8s.io/kubernetes => ./src\n)");
    expect(text).toContain("\ngo 1.16\n");
  });
});
