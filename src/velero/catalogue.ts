import { type ApiResource, apiVersionOf, type KubeObject, kindKey, versionOf } from "../model/objects.js";
import { type Definition, definitionIn, isPluralOf, isRemapped } from "./definitions.js";
import type { ObjectPath } from "./entry-path.js";
import { refused } from "./refused.js";
import type { Place } from "./spool.js";

/** One object in one version. There may be millions of them. */
interface Item {
  /** Of its bytes. */
  sha256: string;
  place: Place;
  /** In which of the two forms it was met: Velero writes the preferred version in both. */
  forms: number;
}

const plain = 1;
const versioned = 2;

/** One folder of resources/. */
interface Folder {
  path: ObjectPath;
  kind: string;
  /** By version; then by `namespace/name`. */
  versions: Map<string, Map<string, Item>>;
  preferred: Set<string>;
}

/** What a backup holds: where each object lies in each version. Whatever doesn't fit together is refused, with the entry. */
export class Catalogue {
  /** Each version of an object counts, as Velero counts. */
  items = 0;
  readonly #folders = new Map<string, Folder>();
  /** Two folders of one kind are refused in the end. */
  readonly #byKind = new Map<string, Folder>();
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
    const form = path.version === undefined ? plain : versioned;
    if (form === plain) folder.preferred.add(version);

    const name = keyOf(path);
    const known = items.get(name);
    if (known && known.forms & form) throw refused(entry, "is there twice", undefined, "duplicate");
    if (known && known.sha256 !== sha256) throw refused(entry, `differs from its copy in ${otherForm(path, version)}`);
    if (known) known.forms |= form;
    else {
      items.set(name, { sha256, place: await keep(), forms: form });
      this.items++;
    }
    const [defined, definition] = definitionIn(object) ?? [];
    if (defined !== undefined && definition) this.#definitions.set(defined, definition);
  }

  #folderFor(entry: string, path: ObjectPath, kind: string): Folder {
    const folder = this.#folders.get(path.folder);
    if (!folder) {
      const made: Folder = { path, kind, versions: new Map(), preferred: new Set() };
      this.#folders.set(path.folder, made);
      this.#byKind.set(kindKey({ group: path.group, kind }), made);
      return made;
    }
    if (folder.kind !== kind) throw refused(entry, `is a ${kind}, where the others of its folder are ${folder.kind}`);
    if ((folder.path.namespace === undefined) !== (path.namespace === undefined))
      throw refused(entry, "is cluster-scoped, or in a namespace, where the others of its folder are the opposite");
    return folder;
  }

  /**
   * Every kind in each version that was met, the preferred version first; sorted by folder. To be asked when all is added: only
   * then are all definitions known.
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
        return preferredFirst(folder).map((version) => ({
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

  /**
   * All objects of a kind, each once: in the wanted version, in the order in which the archive had them; then those that came or
   * went while Velero listed one version after another, and so are in others alone.
   */
  places({ group, version, resource }: ApiResource): Place[] {
    const folder = this.#folders.get(folderOf(group, resource));
    if (!folder) return [];
    const wanted = folder.versions.get(version) ?? new Map<string, Item>();
    const places = [...wanted.values()].map(({ place }) => place);
    const seen = new Set<string>();
    for (const other of preferredFirst(folder)) {
      if (other === version) continue;
      for (const [name, { place }] of folder.versions.get(other) ?? []) {
        if (wanted.has(name) || seen.has(name)) continue;
        seen.add(name);
        places.push(place);
      }
    }
    return places;
  }

  /** Whether it holds an object in this very version; `name` is `NAMESPACE/NAME`, or `NAME` of what has no namespace. */
  has(group: string, version: string, kind: string, name: string): boolean {
    const key = name.includes("/") ? name : `/${name}`;
    const versions = this.#byKind.get(kindKey({ group, kind }))?.versions ?? new Map<string, Map<string, Item>>();
    return [...versions].some(
      ([each, items]) => (each === version || isRemapped(apiVersionOf(group, each), kind, version)) && items.has(key),
    );
  }

  /** The kind of a folder, `deployments.apps`, where there is one. */
  kindIn(folder: string): string | undefined {
    return this.#folders.get(folder)?.kind;
  }

  /** Every object in every version, as Velero names it in its list of resources. */
  *listed(): Generator<{ key: string; name: string; entry: string }> {
    for (const { path, kind, versions } of this.#folders.values()) {
      for (const [version, items] of versions) {
        const key = `${apiVersionOf(path.group, version)}/${kind}`;
        for (const name of items.keys())
          yield { key, name: name.replace(/^\//, ""), entry: `resources/${path.folder}/${version}/${name}` };
      }
    }
  }
}

function folderOf(group: string, resource: string): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function keyOf({ namespace = "", name }: ObjectPath): string {
  return `${namespace}/${name}`;
}

function otherForm({ folder, version }: ObjectPath, own: string): string {
  return `resources/${folder}/${version === undefined ? `${own}-preferredversion/` : ""}, of which it should be one`;
}

/** Versions, the one that the cluster preferred first; the others in the archive's order. */
function preferredFirst({ versions, preferred }: Folder): string[] {
  return [...versions.keys()].sort((a, b) => Number(preferred.has(b)) - Number(preferred.has(a)));
}
