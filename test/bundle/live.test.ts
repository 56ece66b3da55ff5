import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generateIdentity } from "../../src/bundle/identity.js";
import { openBundle } from "../../src/bundle/read.js";
import { verifyBundle } from "../../src/bundle/verify.js";
import { type KindPages, writeBundle } from "../../src/bundle/write.js";
import { readableResources } from "../../src/kube/resources.js";
import { type ApiResource, kindKey } from "../../src/model/objects.js";
import { collect, temporaryFolder } from "../kube/fake-server.js";
import { blueServer, configMap, configMaps, greenServer, inNamespace, secrets } from "../kube/server.js";

for (const { title, present, version, open, openReadOnly } of [blueServer, greenServer]) {
  describe.skipIf(!present)(title, () => {
    it("is exported whole, by reading alone", { timeout: 60_000 }, async () => {
      const admin = await open();
      const reader = await openReadOnly();
      const owner = await generateIdentity();
      const dir = join(await temporaryFolder(), "bundle");
      await inNamespace(admin, async (namespace) => {
        const names = Array.from({ length: 7 }, (_, i) => `settings-${i}`);
        for (const name of names) await admin.create(configMaps, configMap(namespace, name, { name }));
        const secret = {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { namespace, name: "db" },
          data: { password: "aHVudGVyMg==" },
        };
        await admin.create(secrets, secret);

        const { resources } = await reader.discover();
        const chosen = readableResources(resources, (candidates) => candidates[0] as ApiResource);
        const kinds = chosen.map(
          (resource): KindPages => ({ resource, pages: reader.pages(resource, { pageSize: 3 }) }),
        );
        const { clusterId } = await reader.info();
        const source = { name: reader.name, version, clusterId };
        await writeBundle({ dir, kinds, source, recipients: [owner.recipient], now: new Date(0) });

        const { manifest } = await verifyBundle(dir, owner);
        expect(manifest.kinds.map(({ resource }) => kindKey(resource))).toEqual(chosen.map(kindKey));
        const bundle = await openBundle(dir, owner);
        const ours = (objects: { metadata: { namespace?: string } }[]) =>
          objects.filter(({ metadata }) => metadata.namespace === namespace);
        const maps = ours(await collect(bundle.objects(configMaps)));
        for (const name of names) expect(maps).toContainEqual(await admin.get(configMaps, name, namespace));
        const sealed = ours(await collect(bundle.objects(secrets)));
        expect(sealed).toContainEqual(await admin.get(secrets, "db", namespace));
      });
      await admin.close();
      await reader.close();
    });
  });
}
