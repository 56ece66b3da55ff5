import { compareText } from "../model/canonical.js";
import type { Body } from "./body.js";

/** One cluster's answer, as far as it is compared. */
export interface Answer {
  status: number;
  /** By name in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Body;
}

/** Members and headers whose values are never shown. */
const secretive = /auth|cookie|token|secret|passw|session|credential|private|api-?_?key|signature/i;
/** Characters of a value that are shown, and of a text around its first difference. */
const mostShown = 80;
const around = 20;

/** The first difference, in words; undefined where there is none. `headers`: those that must agree. */
export function firstDifference(blue: Answer, green: Answer, headers: readonly string[]): string | undefined {
  if (blue.status !== green.status) return `status ${blue.status} at blue, ${green.status} at green`;
  for (const name of headers) {
    const [at, and] = [blue, green].map((answer) => answer.headers[name.toLowerCase()]);
    if (at !== and) return `header ${name} ${both(name, at, and)}`;
  }
  return bodyDifference(blue.body, green.body);
}

function bodyDifference(blue: Body, green: Body): string | undefined {
  if (blue.kind === "json" && green.kind === "json") return jsonDifference(blue.value, green.value, "");
  if (blue.kind === "text" && green.kind === "text") return textDifference(blue.text, green.text);
  if (blue.kind === "bytes" && green.kind === "bytes") {
    return blue.hash === green.hash ? undefined : `body of ${blue.size} bytes at blue, others (${green.size}) at green`;
  }
  return `body is ${kinds[blue.kind]} at blue, ${kinds[green.kind]} at green`;
}

const kinds = { json: "JSON", text: "text", bytes: "binary" };

/** Of two JSON values the first by the order of their keys: `/items/0/price: 5 at blue, 6 at green`. */
function jsonDifference(blue: unknown, green: unknown, pointer: string): string | undefined {
  if (!isContainer(blue) || !isContainer(green) || Array.isArray(blue) !== Array.isArray(green)) {
    return blue === green ? undefined : `body${pointer && ` at ${pointer}`}: ${both(pointer, blue, green)}`;
  }
  const keys = new Set([...Object.keys(blue), ...Object.keys(green)]);
  // An array's members come in their own order already.
  const ordered = Array.isArray(blue) ? [...keys] : [...keys].sort(compareText);
  for (const key of ordered) {
    const inner = `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const [at, and] = [blue, green].map((side) => (Object.hasOwn(side, key) ? side[key] : undefined));
    const found = jsonDifference(at, and, inner);
    if (found) return found;
  }
  return undefined;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object";
}

function textDifference(blue: string, green: string): string | undefined {
  if (blue === green) return undefined;
  let at = 0;
  while (blue[at] === green[at]) at++;
  const excerpt = (text: string) => text.slice(Math.max(0, at - around), at + around);
  const context = [blue, green].map((text) => text.slice(Math.max(0, at - mostShown), at + around)).join(" ");
  return `body at character ${at + 1}: ${both(context, excerpt(blue), excerpt(green))}`;
}

/** `name`: what tells whether the values may be shown. */
function both(name: string, blue: unknown, green: unknown): string {
  if (secretive.test(name)) return "differs (its values are not shown)";
  return `${shown(blue)} at blue, ${shown(green)} at green`;
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (isContainer(value)) return Array.isArray(value) ? `a list of ${value.length}` : "an object";
  const text = JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
