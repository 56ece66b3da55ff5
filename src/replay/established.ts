import { setTimeout as sleep } from "node:timers/promises";
import type { KubeReader } from "../kube/api.js";
import { isObject, listAt } from "../model/json.js";
import type { ApiResource, KubeObject } from "../model/objects.js";

const pollMs = 100;

/**
 * Waits until green serves what a definition defines: its objects are refused before. Returns without a word when the
 * time is over or its names are taken: each of its objects then says so itself, in the server's words.
 */
export async function awaitEstablished(
  green: KubeReader,
  definitions: ApiResource,
  name: string,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
): Promise<boolean> {
  for (let waited = 0; waited <= timeoutMs; waited += pollMs) {
    const definition = await green.get(definitions, name);
    if (definition && hasCondition(definition, "Established", "True")) return true;
    if (!definition || hasCondition(definition, "NamesAccepted", "False")) return false;
    await sleep(pollMs, undefined, signal ? { signal } : {});
  }
  return false;
}

function hasCondition(object: KubeObject, type: string, status: string): boolean {
  return listAt(object, "status", "conditions").some(
    (condition) => isObject(condition) && condition.type === type && condition.status === status,
  );
}
