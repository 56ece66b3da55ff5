import { describe, expect, it } from "vitest";
import { forms } from "../../examples/production/aged/forms.js";
import { productionFor } from "../../examples/production/aged/index.js";
import { loadProduction } from "../../examples/production/load.js";
import { apiRemovals, isRemovedAt, removalOf } from "../../migrations/api-removals.js";
import { parseKubeVersion } from "../../src/model/kube-version.js";
import { groupOf, type KubeObject, kindKey, refKey, refOf, versionOf } from "../../src/model/objects.js";

const versions = ["1.15.12", "1.21.14", "1.24.17"];
const production = loadProduction();
const kindOf = ({ apiVersion, kind }: KubeObject) => kindKey({ group: groupOf(apiVersion), kind });
const isBuiltIn = ({ apiVersion }: KubeObject) =>
  !groupOf(apiVersion).match(/\.(example|io|org|com)$/) || /k8s\.io$/.test(groupOf(apiVersion));
const of = (version: string, kind: string): KubeObject[] =>
  productionFor(version, production).objects.filter((object) => object.kind === kind);
const the = (version: string, kind: string, name: string): KubeObject =>
  of(version, kind).find(({ metadata }) => metadata.name === name) ?? expect.fail(`no ${kind} ${name}`);

describe.each(versions)("acme's production for %s", (version) => {
  const { objects, leftOut } = productionFor(version, production);
  const release = parseKubeVersion(version) ?? expect.fail(version);

  it("has each object once, or says why it is left out", () => {
    expect(objects.length + leftOut.length).toBe(production.length);
    const names = [...objects, ...leftOut.map(({ object }) => object)].map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`,
    );
    expect(new Set(names).size).toBe(production.length);
    for (const { object, reason } of leftOut) expect(reason).toContain(object.kind);
  });

  it("has 45 kinds or more", () => {
    const left = new Set(leftOut.map(({ object }) => object));
    const kinds = production.filter((object) => !left.has(object)).map(kindOf);
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(45);
  });

  it("names no version that is gone by then", () => {
    for (const object of objects.filter(isBuiltIn)) {
      const group = groupOf(object.apiVersion);
      const removal = removalOf(apiRemovals, { group, version: versionOf(object.apiVersion), kind: object.kind });
      expect(removal && isRemovedAt(removal, release) ? refKey(refOf(object)) : "served").toBe("served");
    }
  });

  it("takes all the equally old names of a kind in turn", () => {
    for (const [kind, names] of Object.entries(forms)) {
      const served = names.filter(({ since, until }) => since <= release.minor && release.minor <= until);
      const oldest = served.filter(({ until }) => until === served[0]?.until).map(({ apiVersion }) => apiVersion);
      if (oldest.length === 0) continue;
      const written = productionFor(
        version,
        production.filter((object) => kindOf(object) === kind),
      ).objects;
      const expected = oldest.slice(0, written.length);
      expect([...new Set(written.map(({ apiVersion }) => apiVersion))], kind).toEqual(expected);
    }
  });

  it("names owners as they are written", () => {
    for (const { metadata } of objects) {
      for (const { apiVersion, kind, name } of metadata.ownerReferences ?? []) {
        const owners = objects.filter((object) => object.kind === kind && object.metadata.name === name);
        expect(owners.map((owner) => owner.apiVersion)).toContain(apiVersion);
      }
    }
  });
});

describe("what only an old version shows", () => {
  it("leaves out by name what 1.15 doesn't have, and nothing of 1.21", () => {
    expect(
      productionFor("1.15.12", production).leftOut.map(({ object }) => `${object.kind} ${object.metadata.name}`),
    ).toEqual([
      "IngressClass nginx",
      "IngressClass nginx-internal",
      "PriorityLevelConfiguration acme-operators",
      "FlowSchema acme-operators",
      "FlowSchema acme-ci",
      "EndpointSlice warehouse-1",
      "EndpointSlice warehouse-2",
    ]);
    expect(productionFor("1.21.14", production).leftOut).toEqual([]);
  });

  it("an Ingress with old backends, and its class where the version has a place for it", () => {
    expect(the("1.21.14", "Ingress", "app")).toMatchObject({
      apiVersion: "extensions/v1beta1",
      metadata: { annotations: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "120" } },
      spec: {
        ingressClassName: "nginx",
        rules: [{ http: { paths: [{ path: "/", backend: { serviceName: "web", servicePort: "http" } }, {}] } }],
      },
    });
    expect(the("1.15.12", "Ingress", "app")).toMatchObject({
      metadata: { annotations: { "kubernetes.io/ingress.class": "nginx" } },
      spec: expect.not.objectContaining({ ingressClassName: "nginx" }),
    });
    expect(the("1.15.12", "Ingress", "intranet").spec).toEqual({
      backend: { serviceName: "intranet", servicePort: 80 },
    });
  });

  it("definitions in three manners: without a schema, validating only, pruning", () => {
    const specs = of("1.15.12", "CustomResourceDefinition").map(
      ({ spec }) => spec as { preserveUnknownFields?: boolean; validation?: object; versions?: { schema?: object }[] },
    );
    const hasSchema = ({ validation, versions = [] }: (typeof specs)[number]) =>
      validation !== undefined || versions.some(({ schema }) => schema);
    expect(specs.filter((spec) => !hasSchema(spec)).length).toBe(6);
    expect(specs.filter((spec) => hasSchema(spec) && spec.preserveUnknownFields === undefined).length).toBe(6);
    expect(specs.filter((spec) => hasSchema(spec) && spec.preserveUnknownFields === false).length).toBe(5);
    expect(JSON.stringify(specs)).not.toContain('"default"');
  });

  it("workloads without a selector, which the server makes from their labels", () => {
    const without = of("1.15.12", "Deployment").filter(({ spec }) => !(spec as { selector?: object }).selector);
    expect(without.length).toBeGreaterThan(10);
    for (const { apiVersion } of without) expect(["extensions/v1beta1", "apps/v1beta1"]).toContain(apiVersion);
    expect(of("1.21.14", "Deployment")).toEqual(production.filter(({ kind }) => kind === "Deployment"));
  });

  it("labels of nodes by their old names", () => {
    const volumes = JSON.stringify(of("1.15.12", "PersistentVolume"));
    expect(volumes).toContain('"key":"failure-domain.beta.kubernetes.io/zone"');
    expect(volumes).not.toContain('"topology.kubernetes.io/zone"');
    expect(of("1.21.14", "PersistentVolume")).toEqual(production.filter(({ kind }) => kind === "PersistentVolume"));
  });

  it("a Job that waits has no place for a pod", () => {
    expect(the("1.21.14", "Job", "load-warehouse").spec).toMatchObject({ parallelism: 0 });
    expect(the("1.24.17", "Job", "load-warehouse").spec).toMatchObject({ suspend: true });
  });
});
