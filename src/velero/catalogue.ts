import { type ApiResource, apiVersionOf, type KubeObject, kindKey, versionOf } from "../model/objects.js";
import { type Definition, definitionIn, isPluralOf } from "./definitions.js";
import type { ObjectPath } from "./entry-path.js";
import { refused } from "./refused.js";
import type { Place } from "./spool.js";

/** One object in one version. */
interface Item {
  entry: string;
  sha256: string;
  place: Place;
  /** In which of the two forms it was met: Velero writes the preferred version in both. */
  forms: Set<"plain" | "versioned">;
}

/** One folder of resources/. */
interface Folder {
  path: ObjectPath;
  kind: string;
  /** By version, those met in the plain form first; then by `namespace/name`. */
  versions: Map<string, Map<string, Item>>;
  preferred: Set<string>;
}

/** What a backup holds: where each object lies in each version. Whatever doesn't fit together is refused, with the entry. */
export class Catalogue {
  readonly #folders = new Map<string, Folder>();
  readonly #definitions = new Map<string, Definition>();

  /** Takes an object in; `keep` is called where its bytes are new. */
  async add(
    entry: string,
    path: ObjectPath,
    object: KubeObject,
    sha256: string,
    keep: () => Promise<Place>,
  ): Promise<void> {
    const folder = this.#folderFor(entry, path, object.kind);
    const version = versionOf(object.apiVersion);
    const items = folder.versions.get(version) ?? new Map<string, Item>();
    folder.versions.set(version, items);
    const form = path.version === undefined ? "plain" : "versioned";
    if (form === "plain") folder.preferred.add(version);

    const name = `${path.namespace ?? ""}/${path.name}`;
    const known = items.get(name);
    if (known?.forms.has(form)) throw refused(entry, "is there twice");
    if (known && known.sha256 !== sha256)
      throw refused(entry, `differs from ${known.entry}, of which it should be a copy`);
    if (known) known.forms.add(form);
    else items.set(name, { entry, sha256, place: await keep(), forms: new Set([form]) });

    const [defined, definition] = definitionIn(object) ?? [];
    if (defined !== undefined && definition) this.#definitions.set(defined, definition);
  }

  #folderFor(entry: string, path: ObjectPath, kind: string): Folder {
    const folder = this.#folders.get(path.folder);
    if (!folder) {
      const made: Folder = { path, kind, versions: new Map(), preferred: new Set() };
      this.#folders.set(path.folder, made);
      return made;
    }
    if (folder.kind !== kind) throw refused(entry, `is a ${kind}, where the others of its folder are ${folder.kind}`);
    if ((folder.path.namespace === undefined) !== (path.namespace === undefined))
      throw refused(entry, "is cluster-scoped, or in a namespace, where the others of its folder are the opposite");
    return folder;
  }

  /**
   * Every kind in each version in which the backup holds all of its objects, the preferred version first; sorted by folder. To
   * be asked when all is added: only then are all definitions known.
   */
  resources(): ApiResource[] {
    const kinds = new Map<string, string>();
    return [...this.#folders]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, folder]) => {
        this.#requireKind(name, folder);
        const { group, resource, namespace } = folder.path;
        const key = kindKey({ group, kind: folder.kind });
        const other = kinds.get(key);
        if (other !== undefined) throw refused(`resources/${name}`, `holds ${key} objects, as resources/${other} does`);
        kinds.set(key, name);
        return completeVersions(name, folder).map((version) => ({
          group,
          version,
          kind: folder.kind,
          resource,
          namespaced: namespace !== undefined,
          // A backup says nothing of verbs: what Velero takes, it can list, get, create and delete.
          verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
          subresources: [],
        }));
      });
  }

  #requireKind(name: string, { kind, path: { resource, namespace } }: Folder): void {
    const where = `resources/${name}`;
    const definition = this.#definitions.get(name);
    if (!definition) {
      if (isPluralOf(resource, kind)) return;
      throw refused(where, `holds ${kind} objects, whose plural isn't ${resource}, and no definition that says it is`);
    }
    if (definition.kind !== kind)
      throw refused(where, `holds ${kind} objects, where its definition says ${definition.kind}`);
    if (definition.namespaced !== (namespace !== undefined))
      throw refused(where, "its definition has another scope than its objects");
  }

  /** In the order in which the archive had them. */
  places({ group, version, resource }: ApiResource): Place[] {
    const folder = this.#folders.get(group === "" ? resource : `${resource}.${group}`);
    return [...(folder?.versions.get(version)?.values() ?? [])].map(({ place }) => place);
  }
}

/**
 * Objects that came or went while Velero listed one version after another are in some versions only. A version that lacks
 * one can't stand for the kind: it would be lost in silence.
 */
function completeVersions(name: string, { path, versions, preferred }: Folder): string[] {
  const all = new Set([...versions.values()].flatMap((items) => [...items.keys()]));
  const complete = [...versions].filter(([, items]) => items.size === all.size).map(([version]) => version);
  if (complete.length === 0) {
    const has = [...versions].map(([version, items]) => `${items.size} in ${apiVersionOf(path.group, version)}`);
    throw refused(`resources/${name}`, `has ${all.size} objects, but no version has all of them: ${has.join(", ")}`);
  }
  return complete.sort((a, b) => Number(preferred.has(b)) - Number(preferred.has(a)));
}
