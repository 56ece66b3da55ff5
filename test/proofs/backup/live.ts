import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { generateIdentity, writeIdentityFile } from "../../../src/bundle/identity.js";
import { writeBundle } from "../../../src/bundle/write.js";
import type { KubeWriter } from "../../../src/kube/api.js";
import { readableResources } from "../../../src/kube/resources.js";
import { type KubeObject, refKey, refOf } from "../../../src/model/objects.js";
import { applyWorkload } from "../../../src/sandbox/workload.js";
import { Workplace } from "../../harness/clustershift.js";
import type { Plant } from "./plants.js";
import { soundObjects } from "./world.js";

/** A cluster that answers, with the sound objects in it, all of them older than now. */
export async function loadBlue(blue: KubeWriter): Promise<void> {
  const plain = soundObjects()
    .filter(({ metadata }) => metadata.name !== "kube-system")
    .map(({ metadata: { name, namespace }, ...rest }) => ({
      ...rest,
      metadata: { name, ...(namespace !== undefined && { namespace }) },
    }));
  await applyWorkload(blue, plain as KubeObject[], new Date());
  // Times are kept to the second.
  await sleep(2_100);
}

/** A bundle of all that blue lists, of which each object may be changed, or taken out. */
export async function exportOf(
  blue: KubeWriter,
  folder: string,
  change: (object: KubeObject) => KubeObject | undefined = (object) => object,
  clusterId?: string,
): Promise<string> {
  const owner = await generateIdentity();
  await writeIdentityFile(join(folder, "age-identity.txt"), owner);
  const [info, { resources }] = [await blue.info(), await blue.discover()];
  const dir = join(folder, "bundle");
  const pick = ([first]: typeof resources) => first as (typeof resources)[number];
  await writeBundle({
    dir,
    kinds: readableResources(resources, pick).map((resource) => ({
      resource,
      pages: (async function* () {
        for await (const page of blue.pages(resource))
          yield { ...page, items: page.items.flatMap((item) => change(item) ?? []) };
      })(),
    })),
    source: { name: "blue.acme.example", version: info.version, clusterId: clusterId ?? info.clusterId },
    recipients: [owner.recipient],
    now: new Date(),
  });
  return dir;
}

const secret = "Secret store/database";

/** Found only by asking blue. */
export const besideBlue = (blue: KubeWriter): readonly Plant[] => [
  { name: "a sound export of a live blue", make: async (folder) => ({ path: await exportOf(blue, folder) }) },
  {
    name: "an object that nothing names is not in the export",
    make: async (folder) => ({
      path: await exportOf(blue, folder, (object) =>
        refKey(refOf(object)) === "ConfigMap store/texts" ? undefined : object,
      ),
    }),
    defect: { id: "missing", what: /^ConfigMap store\/texts is on blue since .*, and isn't in it/ },
  },
  {
    name: "another object has taken one's name",
    make: async (folder) => ({
      path: await exportOf(blue, folder, (object) =>
        refKey(refOf(object)) === secret ? { ...object, metadata: { ...object.metadata, uid: "another" } } : object,
      ),
    }),
    defect: { id: "replaced", what: /^Secret store\/database is in it with the UID another/ },
  },
  {
    name: "an export of another cluster than blue",
    make: async (folder) => ({ path: await exportOf(blue, folder, undefined, "another") }),
    defect: { id: "other-cluster", what: /is of cluster another; blue is / },
  },
];

/** Somebody works on blue after the export. */
export async function goOn(blue: KubeWriter): Promise<void> {
  const { resources } = await blue.discover();
  const configMaps = resources.find(({ group, kind }) => group === "" && kind === "ConfigMap");
  if (!configMaps) throw new Error("no ConfigMaps are served");
  const named = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "store" } });
  await sleep(1_100);
  await blue.create(configMaps, { ...named("newcomer"), data: {} });
  await blue.patch(configMaps, "settings", { data: { colour: "azure" } }, { type: "merge", namespace: "store" });
  await blue.delete(configMaps, "texts", "store");
}

/** The command itself, as a person runs it beside that blue. */
export async function commandPlace(dir: string, kubeconfig: string): Promise<Workplace> {
  const config = {
    apiVersion: "clustershift.dev/v1",
    environment: "acme production",
    blue: { name: "blue.acme.example", context: "blue", kubeconfig },
    green: { name: "acme-1-35", version: "1.35", stack: { kind: "sandbox", sandbox: "none" } },
    record: { green: false },
  };
  await writeFile(join(dir, "clustershift.yaml"), stringify(config));
  return new Workplace(dir, process.env);
}
