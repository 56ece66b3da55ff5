import type { Pair } from "./pair.js";
import { type Path, type Revision, shown } from "./revision.js";

/** Here the new pair's names belong. */
const own = new Set(["blue.name", "blue.context", "blue.kubeconfig", "blue.stack.name", "green.name"]);

/** Whatever else names one of the old pair, in people's words, in queries or in commands: only its author knows what it shall say. */
export function tellMentions({ document, account }: Revision, { gone, blue }: Pair): void {
  // A role's name alone says nothing.
  const names = [...new Set([gone.name, gone.context, blue.name])].filter((name) => !/^(blue|green)$/i.test(name));
  for (const [path, text] of textsIn(document.toJS(), [])) {
    const at = shown(path);
    const named = names.find((name) => namesWhole(text, name));
    if (named === undefined || own.has(at) || account.unknown.some((line) => line.includes(at))) continue;
    account.unknown.push(`What ${at} shall say: it names ${named}.`);
  }
}

/** `acme-1-35` is not in `acme-1-35-2026`, nor `acme.example` in `app.acme.example`. */
function namesWhole(text: string, name: string): boolean {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![A-Za-z0-9.-])${plain}(?![A-Za-z0-9-]|\\.[A-Za-z0-9])`).test(text);
}

function textsIn(value: unknown, path: Path): [Path, string][] {
  if (typeof value === "string") return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((each: unknown, index) => textsIn(each, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, [...path, key]));
}
