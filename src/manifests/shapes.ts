import { isObject } from "../model/json.js";
import { type GroupKind, type KubeObject, kindKey, refOf } from "../model/objects.js";
import { builtIn, guessPlural, type KindShape } from "./kinds.js";
import type { Placed } from "./read-folder.js";

/** How each kind of a folder is served, since there is no server to ask. */
export interface Shapes {
  of(kind: GroupKind): KindShape;
  /** Custom kinds without a definition in the folder: their plural and scope are guessed. */
  guessed: string[];
}

/** By the table of built-in kinds, then the folder's own definitions; what neither knows is guessed from its objects. */
export function shapesOf(placed: readonly Placed[]): Shapes {
  const defined = new Map(placed.flatMap(({ object }) => definitionIn(object)));
  const guessed = new Map<string, KindShape>();
  for (const { object } of placed) {
    const kind = refOf(object);
    const key = kindKey(kind);
    if (builtIn(kind) || defined.has(key)) continue;
    const namespaced = guessed.get(key)?.namespaced || object.metadata.namespace !== undefined;
    guessed.set(key, { resource: guessPlural(object.kind), namespaced });
  }
  return {
    of: (kind) =>
      builtIn(kind) ??
      defined.get(kindKey(kind)) ??
      guessed.get(kindKey(kind)) ?? { resource: guessPlural(kind.kind), namespaced: true },
    guessed: [...guessed.keys()].sort(),
  };
}

function definitionIn({ apiVersion, kind, spec }: KubeObject): [string, KindShape][] {
  if (kind !== "CustomResourceDefinition" || !apiVersion.startsWith("apiextensions.k8s.io/")) return [];
  if (!isObject(spec) || !isObject(spec.names)) return [];
  const { group, names, scope } = spec;
  const shape = { resource: String(names.plural), namespaced: scope === "Namespaced" };
  return [[kindKey({ group: String(group), kind: String(names.kind) }), shape]];
}
