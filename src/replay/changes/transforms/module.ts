import type { Transform } from "../../../../schema/transform.js";
import { isObject, sameJson } from "../../../model/json.js";
import type { KubeObject } from "../../../model/objects.js";
import type { ChangeContext, Changed } from "../change.js";
import { plainJson, stillTheSame } from "./identity.js";

/** A module's function, and where it was loaded from. */
export interface LoadedModule {
  /** As clustershift.yaml writes it. */
  path: string;
  /** Absolute: errors are looked up by it. */
  file: string;
  transform: Transform;
}

/** What a team's function makes of an object. Throws an error that names the file, and the line where it's known. */
export function byModule(
  object: KubeObject,
  { path, file, transform }: LoadedModule,
  name: string,
  context: ChangeContext,
): Changed | undefined {
  const given = frozen(structuredClone(object));
  const listed = function* (kind: string) {
    for (const each of context.listed(kind)) yield frozenOnce(each);
  };
  let result: unknown;
  try {
    result = transform(given, { name, listed });
  } catch (error) {
    throw new Error(`${path}${lineOf(error, file)} throws ${wordsOf(error, object)}`, { cause: error });
  }
  if (result === undefined) return undefined;
  try {
    const made = plainJson(result);
    if (isObject(made) && typeof made.drop === "string" && made.apiVersion === undefined)
      return { object, ends: { ending: "dropped", reason: made.drop } };
    const after = stillTheSame(object, made);
    return sameJson(object, after) ? undefined : { object: after };
  } catch (error) {
    throw new Error(`${path} ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** `:12`, where the stack leads to the module's own file. */
function lineOf(error: unknown, file: string): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const line = stack.split("\n").find((each) => each.includes(file));
  const at = line && /^(?:\?[^:)]*)?:(\d+)/.exec(line.slice(line.indexOf(file) + file.length))?.[1];
  return at ? `:${at}` : "";
}

/** A function's words about a Secret may repeat what is in it, as JSON.parse does: its error is only named then. */
function wordsOf(error: unknown, object: KubeObject): string {
  if (!(error instanceof Error)) return object.kind === "Secret" ? "something" : String(error);
  const frozenWords = /object is not extensible|read only property|Cannot (delete|redefine|assign)/;
  if (error instanceof TypeError && frozenWords.test(error.message))
    return "since it changes the object that it was given: change a copy, structuredClone(object)";
  return object.kind === "Secret" ? `a ${error.name} (its words are hidden: the object is a Secret)` : String(error);
}

const frozenCopies = new WeakMap<KubeObject, KubeObject>();

/** What blue listed is looked at by every object that comes through: one copy does for all of them. */
function frozenOnce(object: KubeObject): KubeObject {
  const copy = frozenCopies.get(object) ?? frozen(structuredClone(object));
  frozenCopies.set(object, copy);
  return copy;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
