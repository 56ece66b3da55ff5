import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readHelmRelease } from "../../../src/kube/helm-release.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { helmReleases } from "../../../src/replay/changes/adaptations/helm-releases.js";
import { convertManifest } from "../../../src/replay/helm/manifest.js";

const others = `---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web} # in one line
---
# Source: shop/templates/empty.yaml
---
# Source: shop/templates/text.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: text
data:
  answer: "yes"
  manifest: |
    apiVersion: policy/v1beta1
    kind: PodDisruptionBudget
`;
const budget = `---
# Source: shop/templates/pdb.yaml
apiVersion: "policy/v1beta1"   # old
kind: PodDisruptionBudget
metadata:
  name: web
spec: {minAvailable: 1, selector: {matchLabels: {on: "yes"}}}
`;
const ingress = `---
# Source: shop/templates/ingress.yaml

apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata:
  name: web
  annotations: {on: "yes"}
spec:
  backend: {serviceName: web, servicePort: 80}
`;
const policy = `---
# Source: shop/templates/psp.yaml
apiVersion: policy/v1beta1
kind: PodSecurityPolicy
metadata: {name: shop}
spec: {}
`;

function secretOf(manifest: string): KubeObject {
  const json = JSON.stringify({ name: "shop", namespace: "shop", version: 1, manifest, config: { a: 1 } });
  const release = Buffer.from(gzipSync(json).toString("base64")).toString("base64");
  const metadata = { name: "sh.helm.release.v1.shop.v1", namespace: "shop" };
  return { apiVersion: "v1", kind: "Secret", metadata, type: "helm.sh/release.v1", data: { release } };
}

const context = {
  listed: () => [],
  serves: (apiVersion: string) => ["apps/v1", "v1", "policy/v1", "networking.k8s.io/v1"].includes(apiVersion),
};

function rewritten(manifest: string): { manifest: string; why: string } | undefined {
  const changed = helmReleases.change(secretOf(manifest), context);
  if (!changed) return undefined;
  const read = readHelmRelease(changed.object);
  if (!read || !("release" in read)) throw new Error("it can't be read any more");
  return { manifest: read.release.manifest, why: changed.remarks?.[0]?.why ?? "" };
}

describe("a Helm release's manifest", () => {
  it("is left alone where green serves all that it names", () => {
    expect(rewritten(others)).toBeUndefined();
    expect(helmReleases.change({ ...secretOf(budget), type: "Opaque" }, context)).toBeUndefined();
  });

  it("names another version where that is all that changes, and everything else stays to the byte", () => {
    expect(rewritten(others + budget + others)).toEqual({
      manifest: others + budget.replace('"policy/v1beta1"', "policy/v1") + others,
      why: expect.stringContaining("policy/v1beta1 PodDisruptionBudget is policy/v1"),
    });
  });

  it("has what changes more written anew, below the comment that says where it is from", () => {
    const { manifest = "" } = rewritten(budget + ingress + others) ?? {};
    const [before = "", ...rest] = manifest.split(others.slice(0, 50));
    expect(rest).toHaveLength(1);
    expect(before).toContain("---\n# Source: shop/templates/ingress.yaml\n\napiVersion: networking.k8s.io/v1\n");
    expect(before).toContain('on: "yes"');
    expect(before).toMatch(/defaultBackend:\s+service:\s+name: web\s+port:\s+number: 80/);
    expect(manifest.endsWith(others)).toBe(true);
  });

  it("loses what has no successor, and says so", () => {
    const { manifest, why } = rewritten(policy + others) ?? {};
    expect(manifest).toBe(`---\n# Source: shop/templates/psp.yaml\n${others}`);
    expect(why).toContain("policy/v1beta1 PodSecurityPolicy is taken out");
  });

  it("keeps a document that can't be read", () => {
    const broken = "---\napiVersion: policy/v1beta1\nkind: [\n";
    expect(convertManifest(broken + budget, () => [])).toBe(`${broken}---\n# Source: shop/templates/pdb.yaml\n`);
  });
});
