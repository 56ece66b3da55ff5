import { readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type ApiResource, kindKey } from "../../src/model/objects.js";
import type { Backup, ReadBackupOptions } from "../../src/velero/read-backup.js";
import { temporaryFolder } from "../kube/fake-server.js";
import { backupOf, configMap, fileOf, objectsOf, readFrom, type TestEntry, tarOf, version } from "./archives.js";

const a: TestEntry = [
  "resources/configmaps/namespaces/shop/a.json",
  configMap("shop", "a", { data: { t: "ü\u2028" } }),
];
const pdb = (apiVersion: string, name = "web") => ({
  apiVersion,
  kind: "PodDisruptionBudget",
  metadata: { namespace: "shop", name },
});
const pdbs = "resources/poddisruptionbudgets.policy";
const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n1" } };
const widget = { apiVersion: "acme.example/v1", kind: "Widget", metadata: { namespace: "shop", name: "w" } };
const definition = (spec: object) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gizmos.acme.example" },
  spec: { group: "acme.example", scope: "Namespaced", names: { plural: "gizmos", kind: "Widget" }, ...spec },
});
const definitions = "resources/customresourcedefinitions.apiextensions.k8s.io/cluster/gizmos.acme.example.json";

async function read(file: string, options: ReadBackupOptions, use: (backup: Backup) => Promise<void>): Promise<void> {
  const backup = await readFrom(file, options);
  try {
    await use(backup);
  } finally {
    await backup.close();
  }
}

const names = (resources: ApiResource[]) => resources.map((resource) => `${kindKey(resource)} ${resource.version}`);

describe("readBackup", () => {
  it("gives each kind with its objects, in the archive's order, and leaves nothing beside", async () => {
    const spoolFolder = await temporaryFolder();
    const b: TestEntry = ["resources/configmaps/namespaces/till/b.json", configMap("till", "b")];
    const file = await backupOf(
      b,
      ["resources/nodes/cluster/n1.json", node],
      ["resources/", "", { type: "directory" }],
      a,
    );
    await read(file, { spoolFolder }, async (backup) => {
      const { resources, count } = backup;
      expect(resources).toMatchObject([
        { group: "", version: "v1", kind: "ConfigMap", resource: "configmaps", namespaced: true },
        { group: "", version: "v1", kind: "Node", resource: "nodes", namespaced: false },
      ]);
      const [maps, nodes] = resources as [ApiResource, ApiResource];
      expect(await objectsOf(backup, maps)).toEqual([b[1], a[1]]);
      expect(await objectsOf(backup, nodes)).toEqual([node]);
      expect([count(maps), count(nodes), count({ ...maps, resource: "secrets" })]).toEqual([2, 1, 0]);
      expect(await readdir(spoolFolder)).toEqual([]);
    });
  });

  it("takes the copy in the versioned form as one with the plain one, and further versions beside it", async () => {
    const file = await backupOf(
      [`${pdbs}/v1beta1/namespaces/shop/web.json`, pdb("policy/v1beta1")],
      [`${pdbs}/namespaces/shop/web.json`, pdb("policy/v1")],
      [`${pdbs}/v1-preferredversion/namespaces/shop/web.json`, pdb("policy/v1")],
    );
    await read(file, {}, async (backup) => {
      const { resources } = backup;
      expect(names(resources)).toEqual(["PodDisruptionBudget.policy v1", "PodDisruptionBudget.policy v1beta1"]);
      for (const resource of resources) {
        expect(await objectsOf(backup, resource)).toEqual([pdb(`policy/${resource.version}`)]);
      }
    });
  });

  it("gives an object that isn't there in the wanted version migrated to it, and counts each once", async () => {
    const late = pdb("policy/v1beta1", "late");
    const file = await backupOf(
      [`${pdbs}/namespaces/shop/web.json`, pdb("policy/v1")],
      [`${pdbs}/v1beta1/namespaces/shop/web.json`, pdb("policy/v1beta1")],
      [`${pdbs}/v1beta1/namespaces/shop/late.json`, late],
      [`${pdbs}/v1beta1/namespaces/shop/later.json`, pdb("policy/v1beta1", "later")],
    );
    await read(file, {}, async (backup) => {
      const [v1, v1beta1] = backup.resources as [ApiResource, ApiResource];
      expect(names([v1, v1beta1])).toEqual(["PodDisruptionBudget.policy v1", "PodDisruptionBudget.policy v1beta1"]);
      expect([backup.count(v1), backup.count(v1beta1)]).toEqual([3, 3]);
      expect((await objectsOf(backup, v1)).map(({ apiVersion, metadata }) => `${apiVersion} ${metadata.name}`)).toEqual(
        ["policy/v1 web", "policy/v1 late", "policy/v1 later"],
      );
      expect((await objectsOf(backup, v1beta1))[1]).toEqual(late);
    });
  });

  it("gives an object as it is where nothing leads to the wanted version", async () => {
    const only = { ...pdb("policy/v1"), metadata: { namespace: "shop", name: "only" } };
    const file = await backupOf(
      [`${pdbs}/v1/namespaces/shop/only.json`, only],
      [`${pdbs}/v1beta1/namespaces/shop/web.json`, pdb("policy/v1beta1")],
    );
    await read(file, {}, async (backup) => {
      const old = backup.resources.find(({ version }) => version === "v1beta1") as ApiResource;
      expect(await objectsOf(backup, old)).toEqual([pdb("policy/v1beta1"), only]);
    });
  });

  it("knows an unusual plural by its definition, wherever that comes", async () => {
    const entry: TestEntry = ["resources/gizmos.acme.example/namespaces/shop/w.json", widget];
    await read(await backupOf(entry, [definitions, definition({})]), {}, async ({ resources }) => {
      expect(names(resources)).toContain("Widget.acme.example v1");
    });
    await expect(readFrom(await backupOf(entry))).rejects.toThrow(/gizmos.*whose plural isn't gizmos/);
  });

  it("stops when it's told to", async () => {
    await expect(readFrom(await backupOf(a), { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });
});

const json = (value: unknown): TestEntry => [String(a[0]), value];
const hostile: { title: string; entries: TestEntry[]; says: RegExp }[] = [
  { title: "a way out", entries: [["resources/../../etc/passwd", "x"]], says: /\.\.\/etc\/passwd: leads out/ },
  { title: "an absolute path", entries: [["/etc/cron.d/x", "x"]], says: /\/etc\/cron\.d\/x: is an absolute path/ },
  {
    title: "a symbolic link",
    entries: [["resources/x", "", { type: "symlink", linkname: "/etc" }]],
    says: /symbolic link to \/etc/,
  },
  {
    title: "a hard link",
    entries: [["resources/x", "", { type: "link", linkname: "a" }]],
    says: /resources\/x: .* link to a/,
  },
  { title: "a device", entries: [["resources/x", "", { type: "character-device" }]], says: /resources\/x: .*device/ },
  { title: "an entry twice", entries: [a, a], says: /shop\/a\.json: is there twice/ },
  { title: "the format twice", entries: [version], says: /metadata\/version: is there twice/ },
  { title: "a file of nobody's", entries: [["resources/readme.txt", "x"]], says: /readme\.txt: isn't where Velero/ },
  { title: "a list", entries: [json([])], says: /a\.json: is JSON, but no object/ },
  { title: "null", entries: [json("null")], says: /a\.json: is JSON, but no object/ },
  { title: "half an object", entries: [json('{"apiVersion": "v1"')], says: /a\.json: is no JSON/ },
  { title: "nothing", entries: [json("")], says: /a\.json: is no JSON/ },
  {
    title: "bytes that are no text",
    entries: [[String(a[0]), Buffer.from([0x22, 0xff, 0x22])]],
    says: /a\.json: is no text/,
  },
  {
    title: "no apiVersion",
    entries: [json({ ...configMap("shop", "a"), apiVersion: undefined })],
    says: /no apiVersion/,
  },
  { title: "no kind", entries: [json({ ...configMap("shop", "a"), kind: undefined })], says: /a\.json: has no kind/ },
  { title: "no metadata", entries: [json({ apiVersion: "v1", kind: "ConfigMap" })], says: /a\.json: has no metadata/ },
  { title: "another name", entries: [json(configMap("shop", "b"))], says: /a\.json: its name "b"/ },
  { title: "another namespace", entries: [json(configMap("till", "a"))], says: /a\.json: its namespace "till"/ },
  {
    title: "a namespace where none is",
    entries: [["resources/nodes/cluster/n1.json", { ...node, metadata: { name: "n1", namespace: "x" } }]],
    says: /n1\.json: its namespace "x"/,
  },
  {
    title: "another group",
    entries: [json({ ...configMap("shop", "a"), apiVersion: "apps/v1" })],
    says: /a\.json: its apiVersion apps\/v1/,
  },
  {
    title: "another version",
    entries: [[`${pdbs}/v1beta1/namespaces/shop/web.json`, pdb("policy/v1")]],
    says: /web\.json: its apiVersion policy\/v1/,
  },
  {
    title: "a copy that differs",
    entries: [
      [`${pdbs}/namespaces/shop/web.json`, pdb("policy/v1")],
      [`${pdbs}/v1-preferredversion/namespaces/shop/web.json`, { ...pdb("policy/v1"), spec: {} }],
    ],
    says: /v1-preferredversion\/.*web\.json: differs from/,
  },
  {
    title: "two kinds in one folder",
    entries: [a, ["resources/configmaps/namespaces/shop/b.json", { ...configMap("shop", "b"), kind: "Secret" }]],
    says: /b\.json: is a Secret/,
  },
  {
    title: "a kind in another's folder",
    entries: [json({ ...configMap("shop", "a"), kind: "Secret" })],
    says: /resources\/configmaps: holds Secret/,
  },
  {
    title: "one kind in two folders",
    entries: [a, ["resources/configmap/namespaces/shop/b.json", configMap("shop", "b")]],
    says: /holds ConfigMap objects, as/,
  },
  {
    title: "both scopes in one folder",
    entries: [
      a,
      ["resources/configmaps/cluster/b.json", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" } }],
    ],
    says: /b\.json: is cluster-scoped/,
  },
  {
    title: "a kind that isn't its definition's",
    entries: [
      ["resources/gizmos.acme.example/namespaces/shop/w.json", { ...widget, kind: "Gizmo" }],
      [definitions, definition({})],
    ],
    says: /its definition says Widget/,
  },
  {
    title: "a scope that isn't its definition's",
    entries: [
      ["resources/gizmos.acme.example/namespaces/shop/w.json", widget],
      [definitions, definition({ scope: "Cluster" })],
    ],
    says: /another scope/,
  },
  {
    title: "labels that are none",
    entries: [json({ ...configMap("shop", "a"), metadata: { name: "a", namespace: "shop", labels: ["x"] } })],
    says: /metadata\.labels/,
  },
  {
    title: "owners that are none",
    entries: [json({ ...configMap("shop", "a"), metadata: { name: "a", namespace: "shop", ownerReferences: [{}] } })],
    says: /metadata\.ownerReferences/,
  },
  {
    title: "a tower of brackets",
    entries: [json(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)],
    says: /a\.json: is nested more than/,
  },
];

const refusal = (says: RegExp) => ({ code: "bundle-invalid", message: expect.stringMatching(says) });

describe("a hostile backup", () => {
  it.each(hostile)("with $title is refused, and the place named", async ({ entries, says }) => {
    await expect(readFrom(await backupOf(...entries))).rejects.toMatchObject(refusal(says));
  });

  it("that is larger than it may be is refused: an entry, the whole, or in number", async () => {
    const big: TestEntry = ["resources/configmaps/namespaces/shop/big.json", `{"a":"${"x".repeat(10_000)}"}`];
    const file = await backupOf(a, big);
    await expect(readFrom(file, { limits: { objectBytes: 10_000 } })).rejects.toMatchObject(refusal(/big\.json: has/));
    await expect(readFrom(file, { limits: { archiveBytes: 10_000 } })).rejects.toMatchObject(
      refusal(/more than 10000/),
    );
    await expect(readFrom(file, { limits: { entries: 2 } })).rejects.toMatchObject(refusal(/big\.json: is one more/));
  });

  it("that unpacks without end is refused at the limit", async () => {
    const bomb = await fileOf(gzipSync(Buffer.alloc(64 * 2 ** 20)));
    const limits = { archiveBytes: 2 ** 20 };
    await expect(readFrom(bomb, { limits })).rejects.toMatchObject(refusal(/holds more than 1048576 bytes/));
  });

  it("that is cut anywhere is refused", async () => {
    const whole = gzipSync(await tarOf([version, a]));
    for (let length = 0; length < whole.length; length += 7) {
      const cut = await fileOf(whole.subarray(0, length));
      await expect(readFrom(cut), `cut at ${length}`).rejects.toMatchObject({ code: "bundle-invalid" });
    }
  });

  it.each([
    ["no archive at all", Buffer.from("hello"), /nightly\.tar\.gz: is no gzip/],
    ["no tar inside", gzipSync(Buffer.alloc(2048, "x")), /nightly\.tar\.gz: after its beginning: .*checksum/],
  ])("that is %s is refused", async (_title, bytes, says) => {
    await expect(readFrom(await fileOf(bytes))).rejects.toMatchObject(refusal(says));
  });

  it.each([
    ["without a format", [a], /has no metadata\/version/],
    ["of a format to come", [["metadata/version", "2"], a], /metadata\/version: says format 2/],
  ] as [string, TestEntry[], RegExp][])("%s is refused", async (_title, entries, says) => {
    await expect(readFrom(await fileOf(gzipSync(await tarOf(entries))))).rejects.toMatchObject(refusal(says));
  });

  it("that isn't there is refused", async () => {
    await expect(readFrom("/nowhere/nightly.tar.gz")).rejects.toMatchObject(refusal(/nightly\.tar\.gz: .*ENOENT/));
  });
});
