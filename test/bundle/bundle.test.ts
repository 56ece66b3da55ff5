import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { generateIdentity, type Identity, readIdentityFile, writeIdentityFile } from "../../src/bundle/identity.js";
import { bundleHash, renderManifest, type StoredManifest } from "../../src/bundle/manifest.js";
import { openBundle } from "../../src/bundle/read.js";
import { verifyBundle } from "../../src/bundle/verify.js";
import { writeBundle } from "../../src/bundle/write.js";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";
import { collect, temporaryFolder } from "../kube/fake-server.js";
import { configMap, configMaps, secrets } from "../kube/server.js";

const source = { name: "blue", version: "v1.24.17", clusterId: "1f76d5db" };
const now = new Date("2026-11-23T22:00:00Z");
const maps = [configMap("shop", "grüße-1", { text: "a\nb\u2028c" }), configMap("shop", "b"), configMap("till", "b")];
const secret: KubeObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace: "shop", name: "db" },
  data: { password: "aHVudGVyMg==" },
};
const otherSecret: KubeObject = { ...secret, metadata: { namespace: "shop", name: "mail" } };

type Page = { items: KubeObject[]; restarted?: boolean };

function kind(resource: ApiResource, ...pages: Page[]) {
  return {
    resource,
    pages: (async function* () {
      yield* pages;
    })(),
  };
}

let owner: Identity;
beforeAll(async () => {
  owner = await generateIdentity();
});

async function smallBundle(): Promise<{ dir: string; manifest: StoredManifest }> {
  const dir = join(await temporaryFolder(), "bundle");
  const kinds = [
    kind(configMaps, { items: maps.slice(0, 2) }, { items: maps.slice(2) }),
    kind(secrets, { items: [secret, otherSecret] }),
    kind({ ...configMaps, group: "acme.example", kind: "Widget" }, { items: [] }),
  ];
  const manifest = await writeBundle({ dir, kinds, source, recipients: [owner.recipient], now });
  // Tests change what they get, and the resources are shared.
  return { dir, manifest: structuredClone(manifest) };
}

const invalid = (message: string | RegExp) => ({
  code: "bundle-invalid",
  message: typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
});

describe("a bundle", () => {
  it("gives back what was put in, Secrets too, with their counts and a hash", async () => {
    const { dir, manifest } = await smallBundle();
    const bundle = await openBundle(dir, owner);
    expect(bundle.manifest).toEqual(manifest);
    expect(manifest).toMatchObject({ format: 1, exportedAt: "2026-11-23T22:00:00.000Z", source, objects: 5 });
    expect(manifest.kinds.map(({ file, count, encrypted }) => [file, count, encrypted])).toEqual([
      ["objects/ConfigMap.jsonl", 3, false],
      ["objects/Secret.jsonl", 2, true],
      ["objects/Widget.acme.example.jsonl", 0, false],
    ]);
    expect(await collect(bundle.objects({ group: "", kind: "ConfigMap" }))).toEqual(maps);
    expect(await collect(bundle.objects({ group: "", kind: "Secret" }))).toEqual([secret, otherSecret]);
    expect(await collect(bundle.objects({ group: "", kind: "Pod" }))).toEqual([]);
    expect(await verifyBundle(dir, owner)).toEqual({ manifest, hash: bundleHash(manifest) });
    expect(await verifyBundle(dir)).toEqual({ manifest, hash: bundleHash(manifest) });
  });

  it("holds no word of a Secret's content", async () => {
    const { dir } = await smallBundle();
    for (const file of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const text = await readFile(join(file.parentPath, file.name), "utf8");
      expect(text).not.toContain("aHVudGVyMg");
      expect(text).not.toContain("password");
    }
  });

  it("starts a kind's list again where the list did", async () => {
    const dir = join(await temporaryFolder(), "bundle");
    const [a, b, c] = maps as [KubeObject, KubeObject, KubeObject];
    const kinds = [kind(configMaps, { items: [a, b] }, { items: [b], restarted: true }, { items: [c] })];
    const counts: number[] = [];
    const onProgress = ({ count }: { count: number }) => void counts.push(count);
    await writeBundle({ dir, kinds, source, recipients: [], now, onProgress });
    expect(await collect((await openBundle(dir)).objects({ group: "", kind: "ConfigMap" }))).toEqual([b, c]);
    await verifyBundle(dir);
    expect(counts).toEqual([2, 1, 2]);
  });

  it("starts again also after more than fits a buffer", async () => {
    const dir = join(await temporaryFolder(), "bundle");
    const big = Array.from({ length: 30 }, (_, i) => configMap("shop", `big-${i}`, { text: "x".repeat(100_000) }));
    await writeBundle({
      dir,
      kinds: [kind(configMaps, { items: big }, { items: maps, restarted: true })],
      source,
      recipients: [],
      now,
    });
    await verifyBundle(dir);
    expect(await collect((await openBundle(dir)).objects({ group: "", kind: "ConfigMap" }))).toEqual(maps);
  });

  it("isn't there after an interruption, and the one before it still is", async () => {
    const { dir, manifest } = await smallBundle();
    const broken = {
      resource: configMaps,
      pages: (async function* () {
        yield { items: maps };
        throw new Error("cut");
      })(),
    };
    const options = { kinds: [broken], source, recipients: [], now };
    await expect(writeBundle({ dir, ...options })).rejects.toThrow("cut");
    expect((await verifyBundle(dir, owner)).manifest).toEqual(manifest);
    expect(await readdir(join(dir, ".."))).toEqual(["bundle"]);
  });

  it("replaces the one before it, and what a killed export left", async () => {
    const { dir } = await smallBundle();
    await mkdir(`${dir}.partial/objects`, { recursive: true });
    await writeFile(`${dir}.partial/objects/ConfigMap.jsonl`, "half");
    const manifest = await writeBundle({
      dir,
      kinds: [kind(configMaps, { items: maps })],
      source,
      recipients: [],
      now,
    });
    expect((await verifyBundle(dir)).manifest).toEqual(manifest);
    expect(await readdir(join(dir, ".."))).toEqual(["bundle"]);
  });

  it("isn't written where nobody could read its Secrets", async () => {
    const dir = join(await temporaryFolder(), "bundle");
    for (const recipients of [[], ["age1nobody"]]) {
      await expect(
        writeBundle({ dir, kinds: [kind(secrets, { items: [secret] })], source, recipients, now }),
      ).rejects.toMatchObject({ code: "config-invalid", message: expect.stringContaining("bundle.recipients") });
      expect(await readdir(join(dir, ".."))).toEqual([]);
    }
  });

  it("keeps kinds apart whose names differ in case only, and odd names inside its folder", async () => {
    const dir = join(await temporaryFolder(), "bundle");
    const named = (name: string) => kind({ ...configMaps, kind: name, group: "x" }, { items: [] });
    const { kinds } = await writeBundle({
      dir,
      kinds: ["Foo", "FOO", "../../up", "a b"].map(named),
      source,
      recipients: [],
      now,
    });
    expect(kinds.map(({ file }) => file)).toEqual([
      "objects/Foo.x.jsonl",
      "objects/FOO.x-2.jsonl",
      "objects/..%2F..%2Fup.x.jsonl",
      "objects/a%20b.x.jsonl",
    ]);
    await verifyBundle(dir);
  });
});

describe("identities", () => {
  it("are kept in files that only their owner can read, and never overwritten", async () => {
    const file = join(await temporaryFolder(), "identity.txt");
    await writeIdentityFile(file, owner);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readIdentityFile(file)).toEqual(owner);
    await expect(writeIdentityFile(file, await generateIdentity())).rejects.toThrow("EEXIST");
    const { dir } = await smallBundle();
    const bundle = await openBundle(dir, { identityFile: file });
    expect(await collect(bundle.objects(secrets))).toEqual([secret, otherSecret]);
  });

  it("of somebody else open nothing, and none opens no Secret", async () => {
    const { dir } = await smallBundle();
    const stranger = await generateIdentity();
    await expect(openBundle(dir, stranger)).rejects.toMatchObject({
      ...invalid("the identity can't decrypt the Secrets"),
      fix: expect.stringContaining(owner.recipient),
    });
    await expect(verifyBundle(dir, stranger)).rejects.toMatchObject(invalid("can't decrypt"));
    await expect(collect((await openBundle(dir)).objects(secrets))).rejects.toMatchObject(
      invalid("no identity was given"),
    );
    await expect(openBundle(dir, { identity: "AGE-SECRET-KEY-1NONSENSE" })).rejects.toMatchObject(
      invalid("bundle.json"),
    );
    await expect(openBundle(dir, { identityFile: join(dir, "nowhere") })).rejects.toMatchObject(
      invalid("can't be read"),
    );
  });
});

describe("a bundle that was touched is refused", () => {
  it("wherever a single byte differs", { timeout: 120_000 }, async () => {
    const dir = join(await temporaryFolder(), "bundle");
    const kinds = [
      kind({ ...configMaps, verbs: [] }, { items: maps.slice(0, 2) }),
      kind({ ...secrets, verbs: [] }, { items: [secret] }),
    ];
    const manifest = await writeBundle({ dir, kinds, source, recipients: [owner.recipient], now });
    const files = ["bundle.json", ...manifest.kinds.map(({ file }) => file)];
    for (const file of files) {
      const path = join(dir, file);
      const bytes = await readFile(path);
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
        await writeFile(path, changed);
        await expect(verifyBundle(dir), `${file}, byte ${at}`).rejects.toMatchObject(invalid(path));
      }
      await writeFile(path, bytes);
    }
    await verifyBundle(dir, owner);
  });

  it.each<[string, (dir: string) => Promise<unknown>, string | RegExp]>([
    [
      "a truncated file",
      (dir) => edit(dir, "objects/ConfigMap.jsonl", (text) => text.slice(0, -5)),
      /ConfigMap.jsonl: has \d+ bytes, where/,
    ],
    ["a truncated manifest", (dir) => edit(dir, "bundle.json", (text) => text.slice(0, -5)), "bundle.json: is no JSON"],
    ["an empty manifest", (dir) => edit(dir, "bundle.json", () => ""), "bundle.json: is no JSON"],
    ["a missing file", (dir) => rm(join(dir, "objects/Secret.jsonl")), "Secret.jsonl: can't be read"],
    ["a missing manifest", (dir) => rm(join(dir, "bundle.json")), "bundle.json: can't be read"],
    ["no bundle at all", (dir) => rm(dir, { recursive: true }), "bundle.json: can't be read"],
    ["a file too many", (dir) => writeFile(join(dir, "objects/Pod.jsonl"), ""), "Pod.jsonl: isn't in the manifest"],
    ["a folder too many", (dir) => mkdir(join(dir, "more")), "more: isn't in the manifest"],
    ["a link in place of a file", (dir) => link(dir, "objects/ConfigMap.jsonl"), "is no plain file"],
    ["a link in place of the manifest", (dir) => link(dir, "bundle.json"), "is no plain file"],
    [
      "a reformatted manifest",
      (dir) => edit(dir, "bundle.json", (text) => text.replace("\n  ", "\n   ")),
      "it was rewritten",
    ],
    [
      "another time",
      (dir) => edit(dir, "bundle.json", (text) => text.replace("2026", "2025")),
      "doesn't match its hash",
    ],
  ])("%s", async (_, touch, message) => {
    const { dir } = await smallBundle();
    await touch(dir);
    await expect(verifyBundle(dir)).rejects.toMatchObject(invalid(message));
  });

  it.each<[string, (manifest: Loose) => void, RegExp]>([
    ["an unknown key", (manifest) => Object.assign(manifest, { extra: 1 }), /line 1: Unrecognized key: "extra"/],
    ["another format", (manifest) => Object.assign(manifest, { format: 2 }), /line 2, format: /],
    ["a wrong type", (manifest) => Object.assign(first(manifest), { count: "3" }), /line \d+, kinds\.0\.count: /],
    [
      "a path out of the bundle",
      (manifest) => Object.assign(first(manifest), { file: "objects/../../etc/passwd" }),
      /kinds\.0\.file: is no file of a bundle/,
    ],
    [
      "an absolute path",
      (manifest) => Object.assign(first(manifest), { file: "/etc/passwd" }),
      /kinds\.0\.file: is no file of a bundle/,
    ],
    [
      "a path of Windows",
      (manifest) => Object.assign(first(manifest), { file: "objects\\..\\x.jsonl" }),
      /kinds\.0\.file/,
    ],
    ["a negative count", (manifest) => Object.assign(first(manifest), { count: -1 }), /kinds\.0\.count/],
    ["a missing field", (manifest) => delete manifest.source, /line 1, source: /],
  ])("whose manifest has %s, with the place", async (_, touch, message) => {
    const { dir } = await smallBundle();
    await edit(dir, "bundle.json", (text) => {
      const manifest = JSON.parse(text) as Loose;
      touch(manifest);
      return JSON.stringify(manifest, null, 2);
    });
    await expect(verifyBundle(dir)).rejects.toMatchObject(invalid(message));
  });

  it.each<[string, (manifest: StoredManifest) => void, RegExp]>([
    ["a sum that is none", (manifest) => void manifest.objects++, /objects is 6, but the kinds' counts add up to 5/],
    ["no key for its Secrets", (manifest) => void delete manifest.secretsKey, /secretsKey is missing/],
    [
      "one file for two kinds",
      (manifest) => void manifest.kinds.push({ ...kindAt(manifest, 2) }),
      /two kinds have one file/,
    ],
    [
      "another kind for a file",
      (manifest) => void Object.assign(kindAt(manifest, 0).resource, { kind: "Pod" }),
      /ConfigMap.jsonl:1: ConfigMap shop\/grüße-1 is no Pod/,
    ],
    [
      "another count",
      (manifest) => recount(manifest, 4),
      /ConfigMap.jsonl:3: ends after 3 objects, where the manifest counts 4/,
    ],
  ])("whose manifest was written anew, hash and all, with %s", async (_, touch, message) => {
    const { dir, manifest } = await smallBundle();
    touch(manifest);
    await writeFile(join(dir, "bundle.json"), renderManifest(manifest));
    await expect(verifyBundle(dir)).rejects.toMatchObject(invalid(message));
  });

  it("while it is read, not only by verify", async () => {
    const { dir } = await smallBundle();
    await edit(dir, "objects/ConfigMap.jsonl", (text) => text.replace("a\\nb", "a\\nc"));
    await expect(collect((await openBundle(dir)).objects(configMaps))).rejects.toMatchObject(invalid("sha256"));
  });

  it("where encrypted lines were swapped, even with all hashes made anew", async () => {
    const { dir, manifest } = await smallBundle();
    const path = join(dir, "objects/Secret.jsonl");
    const [one, two] = (await readFile(path, "utf8")).trim().split("\n");
    const swapped = `${two}\n${one}\n`;
    await writeFile(path, swapped);
    kindAt(manifest, 1).sha256 = createHash("sha256").update(swapped).digest("hex");
    await writeFile(join(dir, "bundle.json"), renderManifest(manifest));
    await verifyBundle(dir);
    await expect(verifyBundle(dir, owner)).rejects.toMatchObject(invalid(/Secret.jsonl:1: isn't what was written/));
  });
});

type Loose = Record<string, unknown> & { kinds: Record<string, unknown>[] };

function first(manifest: Loose): Record<string, unknown> {
  return manifest.kinds[0] ?? {};
}

function kindAt(manifest: StoredManifest, at: number) {
  const found = manifest.kinds[at];
  if (!found) throw new Error("no such kind");
  return found;
}

function recount(manifest: StoredManifest, count: number): void {
  const target = kindAt(manifest, 0);
  manifest.objects += count - target.count;
  target.count = count;
}

async function edit(dir: string, file: string, change: (text: string) => string): Promise<void> {
  const path = join(dir, file);
  await writeFile(path, change(await readFile(path, "utf8")));
}

async function link(dir: string, file: string): Promise<void> {
  const elsewhere = join(dir, "..", "elsewhere");
  await cp(join(dir, file), elsewhere);
  await rename(join(dir, file), `${elsewhere}.old`);
  await symlink(elsewhere, join(dir, file));
}
