import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { migrations } from "../../migrations/index.js";
import { generateIdentity } from "../../src/bundle/identity.js";
import { openBundle } from "../../src/bundle/read.js";
import { verifyBundle } from "../../src/bundle/verify.js";
import { writeBundle } from "../../src/bundle/write.js";
import { bundleSource } from "../../src/commands/shared/bundle-source.js";
import { stringify as toJson } from "../../src/kube/json.js";
import { archiveOf } from "../../src/manifests/archive.js";
import { readFolder } from "../../src/manifests/read-folder.js";
import { type ApiResource, apiVersionOf, type KubeObject, kindKey } from "../../src/model/objects.js";
import { parity } from "../../src/replay/parity.js";
import { planReplay, type ReplaySource, replay } from "../../src/replay/replay.js";
import { standard } from "../../src/replay/standard.js";
import { temporaryFolder } from "../kube/fake-server.js";
import { definition, object } from "../replay/objects.js";
import { Hand, only, open, servers, why } from "../replay/servers.js";
import { folderOf } from "./folder.js";

describe.skipIf(!servers)(`a folder of what real servers gave out${why}`, () => {
  const mark = `folder-${randomBytes(4).toString("hex")}`;
  const group = `${mark}.example`;
  let blue: Hand;
  let green: Hand;

  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } };
  const job = { spec: { restartPolicy: "Never", containers: [{ name: "j", image: "j:1" }] } };
  const workload: KubeObject[] = [
    object(`v1 Namespace ${mark}`, {}, { labels: { team: "shop" } }),
    definition("Thing", group, ["v1"]),
    object(`v1 ConfigMap ${mark}/odd`, {
      data: { yes: "no", "0644": "0644", text: "- a\n--- b\n{{ x }}\n", empty: "" },
    }),
    object(`v1 Secret ${mark}/db`, { data: { password: "aHVudGVyMg==" } }),
    object(`v1 Service ${mark}/web`, { spec: { selector: { app: "web" }, ports: [{ port: 80 }] } }),
    object(`apps/v1 Deployment ${mark}/web`, {
      spec: { replicas: 1, selector: { matchLabels: { app: "web" } }, template },
    }),
    object(`batch/v1beta1 CronJob ${mark}/report`, {
      spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template: job } } },
    }),
    object(`policy/v1beta1 PodDisruptionBudget ${mark}/web`, {
      spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
    }),
    object(`rbac.authorization.k8s.io/v1 Role ${mark}/reader`, {
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    }),
  ];

  beforeAll(async () => {
    if (!servers) return;
    blue = new Hand(await open(servers.blueFile));
    green = new Hand(await open(servers.greenFile));
    for (const each of workload) await blue.write(each);
    const thing = await blue.write(
      object(`${group}/v1 Thing ${mark}/t`, { spec: { serial: 9007199254740993n, any: [null, "", {}] } }),
    );
    const { apiVersion, kind, metadata } = thing;
    const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", controller: false };
    await blue.write(object(`v1 ConfigMap ${mark}/owned`, {}, { ownerReferences: [owner] }));
  }, 60_000);

  afterAll(async () => {
    if (!servers) return;
    for (const hand of [blue, green])
      for (const each of [definition("Thing", group, ["v1"]), object(`v1 Namespace ${mark}`)]) await hand.remove(each);
    await Promise.all([blue.server.close(), green.server.close()]);
  }, 60_000);

  it("arrives on green as blue itself would have: exported, decrypted and replayed, old APIs and all", async () => {
    const live = await only(mark, blue.server, green.server);
    const { resources } = await green.server.discover();
    const fromBlue = (await planReplay(live, standard, resources)).prepared;

    const folder = await folderOf(await exported(live));
    const dir = await bundleOf(folder);
    const bundle = await openBundle(dir.bundle, dir.owner);
    expect(bundle.manifest.objects).toBe(live.kinds.reduce((sum, { count }) => sum + count, 0));
    const result = await replay(bundleSource(bundle), standard, { green: green.server, concurrency: 8 });

    expect(result.outcomes.filter(({ ending }) => ending === "failed")).toEqual([]);
    expect(result.accounting.total.migrated).toBeGreaterThan(10);
    const { differences, compared } = await parity(fromBlue.departures, green.server, {
      at: "2026-11-24T00:00:00Z",
      only: ({ namespace, name }) => `${namespace} ${name}`.includes(mark),
    });
    expect({ differences, compared }).toEqual({ differences: [], compared: fromBlue.departures.length });
    const thing = await green.read(object(`${group}/v1 Thing ${mark}/t`));
    expect(toJson(thing?.spec)).toBe('{"any":[null,"",{}],"serial":9007199254740993}');
  }, 60_000);

  /** As a script leaves it: a YAML list a kind, but JSON for some; jobs and budgets in the versions that green doesn't know. */
  async function exported(live: ReplaySource): Promise<Record<string, string>> {
    const { resources } = await blue.server.discover();
    const files: Record<string, string> = {};
    for (const { resource } of live.kinds) {
      const old = resources.find((each) => kindKey(each) === kindKey(resource) && each.version === "v1beta1");
      const items: KubeObject[] = [];
      for await (const { metadata } of live.objects(resource)) {
        const found = await blue.server.get(old ?? resource, metadata.name, metadata.namespace);
        if (found) items.push(found);
      }
      if (items.length === 0) continue;
      const list = { apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } };
      if (resource.kind === "Role") files["some/roles.json"] = toJson(list, 4);
      else files[`all/${resource.resource}.yaml`] = stringify(list, { version: "1.1", indentSeq: false, lineWidth: 0 });
    }
    return files;
  }

  async function bundleOf(folder: string) {
    const archive = archiveOf(await readFolder(folder), migrations);
    const versions = archive.resources.map(({ group, version, kind }) => `${apiVersionOf(group, version)} ${kind}`);
    expect(versions).toEqual(expect.arrayContaining(["batch/v1beta1 CronJob", "policy/v1beta1 PodDisruptionBudget"]));
    const owner = await generateIdentity();
    const bundle = join(await temporaryFolder(), "bundle");
    const pages = async function* (resource: ApiResource) {
      yield { items: archive.objects(resource) };
    };
    await writeBundle({
      dir: bundle,
      kinds: archive.resources.map((resource) => ({ resource, pages: pages(resource) })),
      source: { name: "blue", version: "v1.24.17", clusterId: "id" },
      recipients: [owner.recipient],
      now: new Date(0),
    });
    await verifyBundle(bundle, owner);
    return { bundle, owner };
  }
});
