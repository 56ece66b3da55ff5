import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { migrations } from "../../../migrations/index.js";
import type { Migration } from "../../../src/model/migration.js";
import { apiVersionOf, type KubeObject } from "../../../src/model/objects.js";
import type { OracleCase } from "./case.js";
import type { OracleServer } from "./server.js";

/** One object of which our migration and the server's own conversion make two things. */
export interface Difference {
  /** - read: what the server shows in the old version, migrated; - written: the manifest, migrated and taken by the server. */
  how: "read" | "written";
  object: KubeObject;
  ours: unknown;
  server: unknown;
}

export interface Comparison {
  /** Objects compared. */
  objects: number;
  differences: Difference[];
}

interface Options {
  count: number;
  /** What names begin with: unique on this server. */
  prefix: string;
  seed: number;
  namespace: string;
}

/**
 * Writes random objects in old versions, and reads them in both. Two things must be what the server shows as new: what it
 * shows as old, migrated by us, with nothing filled in; and the manifest as it was written, migrated by us, with the
 * defaults that the server gives to what it takes as new (in a dry run).
 */
export async function compareConversions(
  server: OracleServer,
  each: OracleCase,
  options: Options,
): Promise<Comparison> {
  const migration = migrationOf(each);
  const objects = draw(server, migration, each, options);
  const result: Comparison = { objects: 0, differences: [] };
  const size = each.atOnce ?? 250;
  for (let start = 0; start < objects.length; start += size) {
    const batch = objects.slice(start, start + size);
    const shown = await write(server, migration, batch);
    result.objects += batch.length;
    result.differences.push(...(await differences(server, migration, each, shown)));
  }
  return result;
}

export function migrationOf({ migration: id }: OracleCase): Migration & { to: string } {
  const migration = migrations.find((listed) => listed.id === id);
  if (!migration || migration.to === null) throw new Error(`no migration ${id} that has a successor`);
  return { ...migration, to: migration.to };
}

function draw(
  server: OracleServer,
  { id, from, to }: Migration & { to: string },
  { body, named }: OracleCase,
  { count, seed, prefix, namespace }: Options,
): Drawn[] {
  const apiVersions = from.versions
    .map((version) => apiVersionOf(from.group, version))
    .filter((apiVersion) => server.serves(apiVersion, from.kind));
  if (apiVersions.length === 0 || !server.serves(to, from.kind)) throw new Error(`${id} has no oracle on this server`);
  const drawn = fc
    .constantFrom(...apiVersions)
    .chain((apiVersion) => body(apiVersion).map((fields) => ({ apiVersion, fields })));
  const place = server.isNamespaced(to, from.kind) ? { namespace } : {};
  return fc.sample(drawn, { numRuns: count, seed }).map(({ apiVersion, fields }, index) => {
    const token = `${prefix}-${index}x`;
    const own = named?.(fields, token) ?? { name: token, body: fields };
    const { metadata, ...rest } = structuredClone(own.body);
    const written = {
      apiVersion,
      kind: from.kind,
      metadata: { ...(metadata as object), name: own.name, ...place },
      ...rest,
    };
    return { token, written };
  });
}

interface Drawn {
  /** What only this object has in its name. */
  token: string;
  written: KubeObject;
}

/** An object as it was written, and as the server then shows it. */
interface Shown extends Drawn {
  old: KubeObject;
  new: KubeObject;
}

/** Writes a batch, looks at it in all versions, and deletes it again. */
async function write(
  server: OracleServer,
  { from, to }: Migration & { to: string },
  batch: readonly Drawn[],
): Promise<Shown[]> {
  const objects = batch.map(({ written }) => written);
  const answers = await server.create(objects, { dryRun: false });
  try {
    const refused = answers.findIndex((answer) => answer instanceof Error);
    if (refused >= 0) throw new Error(`not valid: ${answers[refused]}\n${JSON.stringify(objects[refused])}`);
    const namespace = objects[0]?.metadata.namespace;
    const lists = new Map<string, Map<string, KubeObject>>();
    for (const apiVersion of new Set([to, ...objects.map((object) => object.apiVersion)])) {
      lists.set(apiVersion, await server.list(apiVersion, from.kind, namespace));
    }
    const look = (apiVersion: string, name: string) => {
      const found = lists.get(apiVersion)?.get(name);
      if (!found) throw new Error(`${from.kind} ${name} is not there as ${apiVersion}`);
      return found;
    };
    return batch.map(({ token, written }) => ({
      token,
      written,
      old: look(written.apiVersion, written.metadata.name),
      new: look(to, written.metadata.name),
    }));
  } finally {
    await server.remove(objects.filter((_, index) => !(answers[index] instanceof Error)));
  }
}

async function differences(
  server: OracleServer,
  migration: Migration,
  each: OracleCase,
  batch: readonly Shown[],
): Promise<Difference[]> {
  const found: Difference[] = [];
  const differ = (how: Difference["how"], object: KubeObject, ours: unknown, theirs: unknown) => {
    if (!isDeepStrictEqual(ours, theirs)) found.push({ how, object, ours, server: theirs });
  };
  const plain = (object: KubeObject) => essence(each.declared?.(structuredClone(object)) ?? object);

  const again: { shown: Shown; object: KubeObject }[] = [];
  for (const shown of batch) {
    const read = migration.migrate(shown.old);
    const own = migration.migrate(shown.written);
    if (each.drops?.(shown.old)) {
      differ("read", shown.old, read.result, "drop");
      differ("written", shown.written, own.result, "drop");
      continue;
    }
    if (read.result === "drop" || own.result === "drop") {
      differ("read", shown.old, read, shown.new);
      continue;
    }
    differ("read", shown.old, read.objects.map(plain), [plain(shown.new)]);
    for (const object of own.objects) again.push({ shown, object });
  }
  const taken = await server.create(
    // The old ones may not be gone yet: some kinds have a controller that must look first.
    again.map(({ object, shown: { token } }) => renamed(object, token, `${token}n`)),
    { dryRun: true },
  );
  for (const [index, { shown, object }] of again.entries()) {
    const answer = taken[index];
    if (!answer || answer instanceof Error) differ("written", object, String(answer), "taken");
    else {
      const ours = renamed(answer, `${shown.token}n`, shown.token);
      differ("written", shown.written, plain(ours), plain(shown.new));
    }
  }
  return found;
}

/** With another name wherever the object says it: definitions and API services say it twice. */
function renamed(object: KubeObject, from: string, to: string): KubeObject {
  return JSON.parse(JSON.stringify(object).replaceAll(from, to)) as KubeObject;
}

/** What a migration answers for: all but the status, and what the server writes into metadata by itself. */
export function essence({ status: _controllers, ...object }: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const some = (map: Record<string, string> | undefined) => (map && Object.keys(map).length > 0 ? map : undefined);
  const metadata = { name, namespace, labels: some(labels), annotations: some(annotations) };
  return JSON.parse(JSON.stringify({ ...object, metadata })) as KubeObject;
}
