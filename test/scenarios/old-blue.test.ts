import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { productionFor } from "../../examples/production/aged/index.js";
import type { KubeWriter } from "../../src/kube/api.js";
import { groupOf, type KubeObject, kindKey } from "../../src/model/objects.js";
import { parity } from "../../src/replay/parity.js";
import { type ReplayResult, replay } from "../../src/replay/replay.js";
import { standard } from "../../src/replay/standard.js";
import { applyWorkload } from "../../src/sandbox/workload.js";
import { Hand, only, open } from "../replay/servers.js";

/** A control plane of 1.15.12, and the new one that all tests share. */
const { CLUSTERSHIFT_TEST_OLD_BLUE_KUBECONFIG: oldFile, CLUSTERSHIFT_TEST_GREEN_KUBECONFIG: greenFile } = process.env;
const why =
  oldFile && greenFile
    ? ""
    : " (skipped: no programs of Kubernetes 1.15.12 in the cache; CLUSTERSHIFT_TEST_OLD_BLUE=1 npm test builds them)";

const mark = "old-blue";

/**
 * Of acme's production for 1.15 the first object of each kind under each of its old names, all in one namespace and with
 * names that no other test uses. An aggregated API that doesn't answer, and a default for everybody's pods, stay out of a server
 * that others use.
 */
function sample(): KubeObject[] {
  const chosen = new Map<string, KubeObject>();
  for (const object of productionFor("1.15.12").objects) {
    // Every definition: the first custom resources are of many kinds.
    const each = object.kind === "CustomResourceDefinition" ? object.metadata.name : "";
    const key = `${object.apiVersion} ${object.kind} ${each}`;
    if (!chosen.has(key) && object.kind !== "APIService") chosen.set(key, object);
  }
  return [...chosen.values()].map((object) => {
    const renamed = JSON.parse(
      JSON.stringify(object).replaceAll(
        /(acme\.example|cert-manager\.io|coreos\.com|projectcalico\.org|snapshot\.storage\.k8s\.io)/g,
        `${mark}.$1`,
      ),
    ) as KubeObject;
    const { namespace, name, ownerReferences: _, ...metadata } = renamed.metadata;
    if (namespace) return { ...renamed, metadata: { ...metadata, name, namespace: mark } };
    const fixed =
      renamed.kind === "Namespace" ? mark : renamed.kind === "CustomResourceDefinition" ? name : `${mark}-${name}`;
    return { ...renamed, metadata: { ...metadata, name: fixed } };
  });
}

describe.skipIf(why !== "")(`a blue of 1.15.12, whose objects have the oldest names${why}`, () => {
  const objects = sample();
  const kindsOf = (all: readonly KubeObject[]) =>
    new Set(all.map(({ apiVersion, kind }) => kindKey({ group: groupOf(apiVersion), kind })));
  let green: KubeWriter;
  let result: ReplayResult | undefined;
  let differences: object[];

  beforeAll(async () => {
    const blue = await open(oldFile ?? "");
    green = await open(greenFile ?? "");
    await applyWorkload(blue, objects, new Date());
    result = await replay(await only(mark, blue, green), standard, { green, concurrency: 16, passDelayMs: 100 });
    const found = await parity(result.expected, green, { at: new Date().toISOString() });
    // Others use this server too, and what they made is unexpected here.
    differences = found.differences.filter(({ object }) => `${object.namespace} ${object.name}`.includes(mark));
    await blue.close();
  });

  afterAll(async () => {
    const hand = new Hand(green);
    for (const { object } of result?.expected.toReversed() ?? []) {
      if (object.metadata.finalizers) await hand.release(object).catch(() => undefined);
      await hand.remove(object).catch(() => undefined);
    }
    await green.close();
  });

  it("has 45 kinds or more, under names that green doesn't know", () => {
    expect(kindsOf(objects).size).toBeGreaterThanOrEqual(45);
    expect(objects.map(({ apiVersion }) => apiVersion)).toEqual(
      expect.arrayContaining(["extensions/v1beta1", "apps/v1beta1", "apps/v1beta2", "apiextensions.k8s.io/v1beta1"]),
    );
  });

  it("arrives whole: nothing failed, nothing different, and the counts add up", () => {
    if (!result) return expect.fail("nothing was replayed");
    expect(result.outcomes.filter(({ ending }) => ending === "failed")).toEqual([]);
    expect(differences).toEqual([]);
    expect(result.unaccounted).toEqual([]);
    expect(result.accounting.total.listed).toBeGreaterThanOrEqual(objects.length);
    expect(result.accounting.total.migrated).toBeGreaterThan(40);
  });

  it("is read in the newest version that both serve, else migrated", () => {
    const migrated = new Set(result?.outcomes.flatMap(({ from, to }) => (from ? [`${from} -> ${to}`] : [])));
    expect([...migrated].sort()).toEqual(
      expect.arrayContaining([
        "admissionregistration.k8s.io/v1beta1 -> admissionregistration.k8s.io/v1",
        "apiextensions.k8s.io/v1beta1 -> apiextensions.k8s.io/v1",
        "batch/v1beta1 -> batch/v1",
        "networking.k8s.io/v1beta1 -> networking.k8s.io/v1",
        "policy/v1beta1 -> policy/v1",
      ]),
    );
  });
});
