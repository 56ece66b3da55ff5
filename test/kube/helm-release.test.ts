import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isHelmRelease, readHelmRelease, withManifests } from "../../src/kube/helm-release.js";
import type { KubeObject } from "../../src/model/objects.js";

const manifest = "---\n# Source: shop/pdb.yaml\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\n";
/** Numbers and spaces as no JavaScript program would print them. */
const text = `{"name":"shop","namespace":"prod", "version":3,"info":{"status":"deployed","weight":1e+06},
  "unknown":{"manifest":"not this"},"manifest":${JSON.stringify(manifest)},
  "hooks":[{"name":"migrate","manifest":"kind: Job\\n","weight":12345678901234567890}],"labels":null}`;

function packed(inner: string | Buffer): string {
  return gzipSync(inner).toString("base64");
}

function secret(release: string): KubeObject {
  const name = "sh.helm.release.v1.shop.v3";
  const data = { release: Buffer.from(release).toString("base64"), other: "eA==" };
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "prod" }, type: "helm.sh/release.v1", data };
}

function configMap(release: string): KubeObject {
  const metadata = { name: "sh.helm.release.v1.shop.v3", namespace: "prod", labels: { owner: "helm" } };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { release } };
}

describe("a Helm release", () => {
  it.each([
    ["a Secret", secret(packed(text))],
    ["a ConfigMap", configMap(packed(text))],
    ["an uncompressed Secret, as early versions wrote", secret(Buffer.from(text).toString("base64"))],
    ["lines of base64", configMap(packed(text).replaceAll(/(.{64})/g, "$1\n"))],
  ])("is read from %s", (_what, object) => {
    expect(readHelmRelease(object)).toEqual({
      release: {
        name: "shop",
        namespace: "prod",
        version: 3,
        status: "deployed",
        manifest,
        hooks: ["kind: Job\n"],
        raw: JSON.parse(text),
        text,
      },
    });
  });

  it.each([
    ["Secret", secret(packed(text))],
    ["ConfigMap", configMap(packed(text))],
  ])("is written to a %s with nothing else changed, byte for byte", (kind, object) => {
    const written = withManifests(object, (it) => (it === manifest ? it.replace("v1beta1", "v1") : undefined));
    const { release, ...others } = written.data as Record<string, string>;
    const inner = kind === "Secret" ? Buffer.from(release ?? "", "base64").toString() : (release ?? "");
    expect(gunzipSync(Buffer.from(inner, "base64")).toString()).toBe(text.replace("v1beta1", "v1"));
    expect({ ...written, data: { ...others, release: (object.data as { release: string }).release } }).toEqual(object);
  });

  it("has the manifests of its hooks changed too", () => {
    const written = withManifests(secret(packed(text)), (it) => (it === "kind: Job\n" ? "kind: Other\n" : undefined));
    expect(readHelmRelease(written)).toMatchObject({ release: { manifest, hooks: ["kind: Other\n"] } });
  });

  it.each([
    ["nothing in it", { ...secret(""), data: {} }, /has no data\.release/],
    ["no base64", configMap("???"), /not base64/],
    ["no base64 inside", secret("???"), /not base64/],
    ["half of a gzip", secret(packed(text).slice(0, 80)), /unexpected end/],
    ["no JSON, of which it quotes nothing", secret(packed("password: geheim")), /^the release is not JSON$/],
    ["bytes that are no text", secret(packed(Buffer.from([0x22, 0xff, 0x22]))), /not valid/],
    ["no object", secret(packed("[]")), /no JSON object/],
    ["no manifest", secret(packed('{"name":"shop"}')), /no name or no manifest/],
    ["a gzip bomb", secret(packed(Buffer.alloc(65 * 1024 * 1024, 0x20))), /more than 64 MiB/],
  ])("that is broken is told: %s", (_what, object, problem) => {
    expect(readHelmRelease(object)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it.each([
    ["another type", { ...secret(packed(text)), type: "Opaque" }],
    ["another owner", { ...configMap(packed(text)), metadata: { name: "sh.helm.release.v1.shop.v3" } }],
    [
      "another name, as Helm 2 has",
      { ...configMap(packed(text)), metadata: { name: "shop.v3", labels: { OWNER: "TILLER" } } },
    ],
    ["another kind", { ...secret(packed(text)), apiVersion: "v2" }],
  ])("is nothing with %s", (_what, object) => {
    expect(isHelmRelease(object)).toBe(false);
    expect(readHelmRelease(object)).toBeUndefined();
  });
});
