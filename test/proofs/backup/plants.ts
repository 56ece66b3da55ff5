import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { generateIdentity, writeIdentityFile } from "../../../src/bundle/identity.js";
import { parseManifest, renderManifest, type StoredManifest } from "../../../src/bundle/manifest.js";
import type { DefectId } from "../../../src/model/backup.js";
import type { BundleKind } from "../../../src/model/bundle.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { configMap, tarOf, version } from "../../velero/archives.js";
import {
  type BundleWorld,
  bundleOf,
  clusterId,
  definition,
  deployment,
  folderOf,
  inShop,
  soundObjects,
  veleroFixture,
} from "./world.js";

/** A backup with one thing wrong, or with nothing. */
export interface Plant {
  name: string;
  /** Makes it in a folder of its own; resolves to what is verified. */
  make(folder: string): Promise<Planted>;
  /** How it must be named; absent for a sound one. */
  defect?: { id: DefectId; what: RegExp };
  /** What is really wrong with it besides. */
  also?: DefectId;
}

export interface Planted {
  path: string;
  identityFile?: string;
  fromVersion?: string;
  /** What a plan says of blue. */
  plan?: { clusterId?: string; version?: string };
}

const bundle = ({ dir, identityFile }: BundleWorld): Planted => ({ path: dir, identityFile });
const withObjects = (...more: KubeObject[]) => [...soundObjects(), ...more];
const flipped = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);

/** Changes a bundle's files, and its manifest so that all sums fit again. */
async function forge(
  { dir, identityFile }: BundleWorld,
  file: string,
  change: (content: string) => string,
  manifestToo: (manifest: StoredManifest, kind: BundleKind) => void = () => {},
): Promise<Planted> {
  const manifestPath = join(dir, "bundle.json");
  const manifest = parseManifest(await readFile(manifestPath, "utf8"), manifestPath);
  const kind = manifest.kinds.find((each) => each.file === file);
  if (!kind) throw new Error(`the bundle has no ${file}`);
  const content = change(await readFile(join(dir, file), "utf8"));
  await writeFile(join(dir, file), content);
  kind.bytes = Buffer.byteLength(content);
  kind.sha256 = createHash("sha256").update(content).digest("hex");
  manifestToo(manifest, kind);
  await writeFile(manifestPath, renderManifest(manifest));
  return { path: dir, identityFile };
}

const configMaps = "objects/ConfigMap.jsonl";

/** What is wrong with a bundle's bytes. */
const bundles: Plant[] = [
  {
    name: "a file of the bundle is cut",
    make: async (folder) => {
      const made = await bundleOf(folder);
      await truncate(join(made.dir, configMaps), 40);
      return bundle(made);
    },
    defect: { id: "truncated", what: /ConfigMap\.jsonl: has 40 bytes, where the manifest says \d+/ },
  },
  {
    name: "a value in a file is another one",
    make: async (folder) => {
      const made = await bundleOf(folder);
      const file = join(made.dir, configMaps);
      await writeFile(file, (await readFile(file, "utf8")).replace("blue", "grue"));
      return bundle(made);
    },
    defect: { id: "altered", what: /ConfigMap\.jsonl: its sha256 isn't the manifest's/ },
  },
  {
    name: "a file is missing",
    make: async (folder) => {
      const made = await bundleOf(folder);
      await rm(join(made.dir, "objects/Service.jsonl"));
      return bundle(made);
    },
    defect: { id: "unreadable", what: /Service\.jsonl: can't be read/ },
  },
  {
    name: "the manifest was edited",
    make: async (folder) => {
      const made = await bundleOf(folder);
      const file = join(made.dir, "bundle.json");
      await writeFile(file, (await readFile(file, "utf8")).replace("v1.24.17", "v1.24.18"));
      return bundle(made);
    },
    defect: { id: "altered", what: /bundle\.json: its content doesn't match its hash/ },
  },
  {
    name: "the manifest is cut",
    make: async (folder) => {
      const made = await bundleOf(folder);
      await truncate(join(made.dir, "bundle.json"), 100);
      return bundle(made);
    },
    defect: { id: "unreadable", what: /bundle\.json: is no JSON/ },
  },
  {
    name: "a file is there that nobody wrote",
    make: async (folder) => {
      const made = await bundleOf(folder);
      await appendFile(join(made.dir, "objects/Role.jsonl"), "{}\n");
      return bundle(made);
    },
    defect: { id: "stray", what: /Role\.jsonl: isn't in the manifest/ },
  },
  {
    name: "an object is there twice, and all sums fit",
    make: async (folder) =>
      forge(
        await bundleOf(folder),
        configMaps,
        (content) => `${content}${content.split("\n")[0]}\n`,
        (manifest, kind) => {
          kind.count++;
          manifest.objects++;
        },
      ),
    defect: { id: "duplicate", what: /ConfigMap store\/settings is there twice/ },
  },
  {
    name: "an object was taken out, and the count stays",
    make: async (folder) => forge(await bundleOf(folder), configMaps, (content) => `${content.split("\n")[0]}\n`),
    defect: { id: "incomplete", what: /ends after 1 objects, where the manifest counts 2/ },
  },
  {
    name: "the Secrets' key is lost",
    make: async (folder) => {
      const made = await bundleOf(folder);
      await rm(made.identityFile);
      return { path: made.dir };
    },
    defect: { id: "secret-undecryptable", what: /its Secrets are encrypted, and no identity was given/ },
  },
  {
    name: "the key is somebody else's",
    make: async (folder) => {
      const made = await bundleOf(folder);
      await rm(made.identityFile);
      await writeIdentityFile(made.identityFile, await generateIdentity());
      return bundle(made);
    },
    defect: { id: "secret-undecryptable", what: /the identity can't decrypt the Secrets/ },
  },
  {
    name: "a Secret's bytes are other ones, and all sums fit",
    make: async (folder) =>
      forge(await bundleOf(folder), "objects/Secret.jsonl", (content) =>
        content.replace(/"sealed":"([^"]+)"/, (_, sealed: string) => `"sealed":"${flipped(sealed)}"`),
      ),
    defect: { id: "secret-undecryptable", what: /Secret\.jsonl:1: isn't what was written/ },
  },
  {
    name: "the encrypted key was taken out, and all sums fit",
    make: async (folder) =>
      forge(
        await bundleOf(folder),
        configMaps,
        (content) => content,
        (manifest) => delete manifest.secretsKey,
      ),
    defect: { id: "secret-undecryptable", what: /secretsKey is missing/ },
  },
];

/** What is wrong with Velero's files. */
const veleros: Plant[] = [
  {
    name: "Velero's archive is cut",
    make: async (folder) => {
      const path = await veleroFixture(folder, "plain");
      await truncate(path, 2000);
      return { path };
    },
    defect: { id: "truncated", what: /plain\.tar\.gz: is no whole gzip: it ends early/ },
  },
  {
    name: "a byte of Velero's archive is another one",
    make: async (folder) => {
      const path = await veleroFixture(folder, "plain");
      const bytes = await readFile(path);
      const at = bytes.length - 6;
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      await writeFile(path, bytes);
      return { path };
    },
    defect: { id: "altered", what: /is damaged: its checksum differs/ },
  },
  {
    name: "Velero never finished it",
    make: async (folder) => recorded(folder, (text) => text.replace('"Completed"', '"InProgress"')),
    defect: { id: "incomplete", what: /says InProgress: it isn't whole/ },
  },
  {
    name: "Velero backed up more than is there",
    make: async (folder) => recorded(folder, (text) => text.replace('"itemsBackedUp": 36', '"itemsBackedUp": 37')),
    defect: { id: "incomplete", what: /has 36 items, where velero-backup\.json says 37/ },
  },
  {
    name: "what lies beside it is of another backup",
    make: async (folder) => recorded(folder, (text) => text.replaceAll('"plain"', '"other"')),
    defect: { id: "altered", what: /is of backup "other", not of plain/ },
  },
  {
    name: "an entry is in Velero's archive twice",
    make: async (folder) => {
      const path = "resources/configmaps/namespaces/shop/settings.json";
      const content = configMap("shop", "settings");
      const archive = join(folder, "nightly.tar.gz");
      await writeFile(archive, gzipSync(await tarOf([version, [path, content], [path, content]])));
      return { path: archive, fromVersion: "1.24" };
    },
    defect: { id: "duplicate", what: /settings\.json: is there twice/ },
  },
  {
    name: "Velero's own list has what its archive lacks",
    make: async (folder) => {
      const path = await veleroFixture(folder, "crds");
      const file = join(folder, "crds-resource-list.json.gz");
      const list = JSON.parse(gunzipSync(await readFile(file)).toString()) as Record<string, string[]>;
      const [key = ""] = Object.keys(list);
      list[key] = [...(list[key] ?? []), "lost.acme.example"];
      await writeFile(file, gzipSync(JSON.stringify(list)));
      return { path };
    },
    defect: {
      id: "incomplete",
      what: /crds-resource-list\.json\.gz: names \d+ items, where velero-backup\.json says \d+/,
    },
  },
];

async function recorded(folder: string, change: (text: string) => string): Promise<Planted> {
  const path = await veleroFixture(folder, "plain");
  const file = join(folder, "velero-backup.json");
  const text = await readFile(file, "utf8");
  const changed = change(text);
  if (changed === text) throw new Error("nothing was planted in velero-backup.json");
  await writeFile(file, changed);
  return { path };
}

/** What is wrong with a folder's files. */
const folders: Plant[] = [
  {
    name: "two files say different things of one object",
    make: async (folder) => {
      const other = soundObjects().map((each) => (each.metadata.name === "settings" ? { ...each, data: {} } : each));
      const dir = await folderOf(folder, soundObjects());
      await mkdir(join(dir, "old"));
      for (const each of other.filter(({ metadata }) => metadata.name === "settings"))
        await writeFile(join(dir, "old", "settings.json"), JSON.stringify(each));
      return { path: dir, fromVersion: "1.24" };
    },
    defect: { id: "duplicate", what: /ConfigMap store\/settings contradicts/ },
  },
  {
    name: "a file is cut in the middle",
    make: async (folder) => {
      const dir = await folderOf(folder, soundObjects());
      await writeFile(join(dir, "cut.json"), JSON.stringify(soundObjects()[2]).slice(0, 60));
      return { path: dir, fromVersion: "1.24" };
    },
    defect: { id: "unreadable", what: /cut\.json:1/ },
  },
  {
    name: "a folder has nothing of Kubernetes in it",
    make: async (folder) => ({ path: await folderOf(folder, []), fromVersion: "1.24" }),
    defect: { id: "unreadable", what: /there is no object of Kubernetes in it/ },
  },
];

/** Found before anything is restored: nothing of these can be read. */
export const unreadable: readonly Plant[] = [...bundles, ...veleros, ...folders];

const made = (
  name: string,
  objects: () => KubeObject[],
  id: DefectId,
  what: RegExp,
  plan?: Planted["plan"],
): Plant => ({
  name,
  make: async (folder) => ({ ...bundle(await bundleOf(folder, objects())), ...(plan && { plan }) }),
  defect: { id, what },
});

const crates = "verify.acme.example/v1";

/** Can be read, and would not bring the cluster back. */
export const unfit: readonly Plant[] = [
  made("a backup of another cluster", soundObjects, "other-cluster", /is of cluster .*; the plan's blue is another/, {
    clusterId: "another",
  }),
  made(
    "a backup of another version",
    soundObjects,
    "wrong-version",
    /says Kubernetes v1\.24\.17; the plan's blue is of v1\.21\.14/,
    {
      version: "v1.21.14",
    },
  ),
  {
    name: "a backup that says a version which didn't serve what is in it",
    make: async (folder) => {
      const budget = inShop("policy/v1beta1", "PodDisruptionBudget", "web", {
        spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
      });
      return bundle(await bundleOf(folder, withObjects(budget), { version: "v1.35.4" }));
    },
    defect: { id: "wrong-version", what: /says Kubernetes 1\.35, and has PodDisruptionBudget in policy\/v1beta1/ },
  },
  made(
    "a definition without its schema",
    () => withObjects(definition("Bare", "bares", {})),
    "definition-without-schema",
    /bares\.verify\.acme\.example has no schema in v1/,
  ),
  made(
    "custom resources without their definition",
    () => withObjects(inShop("lost.acme.example/v1", "Pallet", "one", { spec: {} })),
    "definition-missing",
    /Pallet\.lost\.acme\.example has 1 object\(s\) in it/,
  ),
  made(
    "a Secret is lost",
    () => withObjects(deployment("shipping", "shipping-key")),
    "secret-lost",
    /Secret store\/shipping-key isn't in it, and Deployment\.apps store\/shipping names it/,
  ),
  made(
    "a Role is lost",
    () =>
      withObjects(
        inShop("rbac.authorization.k8s.io/v1", "Role", "writer", { rules: [] }),
        inShop("rbac.authorization.k8s.io/v1", "RoleBinding", "readers", {
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
          subjects: [{ kind: "User", name: "jo", apiGroup: "rbac.authorization.k8s.io" }],
        }),
      ),
    "dangling-reference",
    /Role\.rbac\.authorization\.k8s\.io store\/reader isn't in it/,
  ),
  made(
    "two objects have one UID",
    () => {
      const copy = inShop("v1", "ConfigMap", "copy", { data: { a: "b" } });
      copy.metadata.uid = soundObjects()[2]?.metadata.uid ?? "";
      return withObjects(copy);
    },
    "duplicate",
    /ConfigMap store\/copy has the UID of ConfigMap store\/settings/,
  ),
  made(
    "a Service that no server takes",
    () => withObjects(inShop("v1", "Service", "far", { spec: { ports: [{ port: 70000 }] } })),
    "refused",
    /Service store\/far was refused: .*must be between 1 and 65535/,
  ),
  made(
    "a custom resource that its own definition refuses",
    () => withObjects(inShop(crates, "Crate", "wrong", { spec: { size: "large" } })),
    "refused",
    /Crate\.verify\.acme\.example store\/wrong was refused: .*size/,
  ),
  made(
    "a label that no server takes",
    () => {
      const labelled = inShop("v1", "ConfigMap", "labelled", { data: {} });
      labelled.metadata.labels = { team: "no such thing!" };
      return withObjects(labelled);
    },
    "refused",
    /ConfigMap store\/labelled was refused: .*label/,
  ),
  made(
    "an object whose namespace is lost",
    () => {
      const far = inShop("v1", "ConfigMap", "far", { data: {} });
      far.metadata.namespace = "gone";
      return withObjects(far);
    },
    "refused",
    /ConfigMap gone\/far was refused: .*namespaces "gone" not found/,
  ),
  made(
    "a field that its definition doesn't keep",
    () => withObjects(inShop(crates, "Crate", "more", { spec: { size: 1, colour: "red" } })),
    "differs",
    /Crate\.verify\.acme\.example store\/more arrived, and differs in \/spec\/colour/,
  ),
  {
    name: "a folder in which a Secret is lost",
    make: async (folder) => ({
      path: await folderOf(folder, withObjects(deployment("returns", "returns-key"))),
      fromVersion: "1.24",
    }),
    defect: { id: "secret-lost", what: /Secret store\/returns-key isn't in it/ },
  },
  {
    name: "what Velero itself couldn't back up",
    make: async (folder) => ({ path: await veleroFixture(folder, "partial") }),
    defect: { id: "incomplete", what: /Pod .*Velero took it up and couldn't back it up|Velero says of its backup/ },
    // It was taken without cluster-wide objects, and so without the namespace of what is in it.
    also: "refused",
  },
];

/** Nothing is wrong with these. */
export const sound: readonly Plant[] = [
  { name: "a sound bundle", make: async (folder) => ({ ...bundle(await bundleOf(folder)), plan: { clusterId } }) },
  {
    name: "a sound folder",
    make: async (folder) => ({ path: await folderOf(folder, soundObjects()), fromVersion: "1.24" }),
  },
  { name: "a backup that Velero made", make: async (folder) => ({ path: await veleroFixture(folder, "plain") }) },
];
