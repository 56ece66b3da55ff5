import { isObject } from "../../../model/json.js";
import type { KubeObject } from "../../../model/objects.js";
import { jsonPointer } from "../../compare.js";
import type { Path } from "../../managed-fields.js";

/** What kubectl keeps of a manifest names the namespace too, but decides nothing on green. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * JSON pointers of texts that seem to name a namespace: as a DNS name (`web.shop.svc`, `http://web.shop/`), as `shop/web`, as an
 * account, as an option, or in a field that says namespace. A Secret's values are decoded first; none is ever shown.
 */
export function mentionsOf(object: KubeObject, namespace: string): string[] {
  const word = namespace.replace(/[.]/g, "\\.");
  const text = new RegExp(
    [
      `[a-z0-9]\\.${word}\\.svc(?![a-z0-9-])`,
      `://[a-z0-9-]+\\.${word}(?=[:/?]|$)`,
      `^[a-z0-9-]+\\.${word}(:\\d+)?$`,
      `^${word}/[a-z0-9.-]+$`,
      `system:serviceaccounts?:${word}(?=:|$)`,
      `namespaces?[= ]"?${word}(?![a-z0-9-])`,
    ].join("|"),
    "m",
  );
  const found: string[] = [];
  const look = (value: unknown, path: Path): void => {
    if (Array.isArray(value)) for (const [index, each] of value.entries()) look(each, [...path, index]);
    else if (isObject(value)) for (const [field, each] of Object.entries(value)) look(each, [...path, field]);
    else if (typeof value === "string" && path.at(-1) !== lastApplied && mentions(value, path)) {
      found.push(jsonPointer(path));
    }
  };
  const mentions = (value: string, path: Path): boolean => {
    const field = [...path].reverse().find((step) => typeof step === "string");
    if (value === namespace && /namespaces?$/i.test(String(field))) return true;
    return text.test(object.kind === "Secret" && path[0] === "data" ? decoded(value) : value);
  };
  const { metadata, status: _status, ...rest } = object;
  look({ labels: metadata.labels, annotations: metadata.annotations }, ["metadata"]);
  for (const [field, value] of Object.entries(rest)) look(value, [field]);
  return found;
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
