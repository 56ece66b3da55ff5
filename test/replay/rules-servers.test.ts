import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeWriter } from "../../src/kube/api.js";
import { kindKey } from "../../src/model/objects.js";
import { isBootstrapRbac, isEditedBootstrap, rbacKinds } from "../../src/replay/rules/bootstrap.js";
import { open, servers, why } from "./servers.js";

describe.skipIf(!servers)(`roles that real servers made${why}`, () => {
  const clusters: KubeWriter[] = [];
  beforeAll(async () => {
    if (!servers) return;
    const { CLUSTERSHIFT_TEST_OLD_BLUE_KUBECONFIG: oldBlue } = process.env;
    for (const file of [servers.blueFile, servers.greenFile, oldBlue]) if (file) clusters.push(await open(file));
  });
  afterAll(() => Promise.all(clusters.map((cluster) => cluster.close())));

  it("aren't taken for edited ones, with the record of who wrote them and without, as before 1.18", async () => {
    for (const cluster of clusters) {
      const { resources } = await cluster.discover();
      const kinds = resources.filter((it) => it.version === "v1" && rbacKinds.includes(kindKey(it)));
      expect(kinds).toHaveLength(rbacKinds.length);
      const seen: string[] = [];
      const edited: string[] = [];
      for (const kind of kinds) {
        for await (const { items } of cluster.pages(kind)) {
          for (const item of items.filter(isBootstrapRbac)) {
            const { managedFields: _, ...metadata } = item.metadata;
            seen.push(item.metadata.name);
            if (isEditedBootstrap(item) || isEditedBootstrap({ ...item, metadata })) edited.push(item.metadata.name);
          }
        }
      }
      expect(edited).toEqual([]);
      expect(seen.length).toBeGreaterThan(60);
    }
  }, 30_000);
});
