import { notKnownYet } from "../model/stack-change.js";

/** One place among a resource's properties. */
export interface Found {
  /** `blockDeviceMappings[0].ebs.encrypted` */
  path: string;
  /** Undefined where there is nothing. */
  value: unknown;
}

/** `a.b[0]`, `tags["a.b"]` and `a[*].b` -> steps; `*` stands for every member. */
function stepsOf(path: string): string[] {
  return [...path.matchAll(/\["([^"]*)"\]|\[([^\]]*)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, key]) => quoted ?? index ?? key ?? "",
  );
}

/** What lies at a path: several where it has `*`. A path that leads nowhere has one place, without a value. */
export function placesAt(value: unknown, path: string): Found[] {
  let found: Found[] = [{ path: "", value }];
  for (const step of stepsOf(path)) {
    found = found.flatMap((each) => {
      if (step !== "*") return [{ path: joined(each, step), value: memberOf(each.value, step) }];
      const members = membersOf(each.value);
      return members.map(([key, member]) => ({ path: joined(each, key), value: member }));
    });
  }
  return found;
}

export function valueAt(value: unknown, path: string): unknown {
  return placesAt(value, path)[0]?.value;
}

/** A property's value in people's words. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === notKnownYet) return "not known before it is made";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function memberOf(value: unknown, step: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined;
}

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function joined({ path, value }: Found, step: string): string {
  if (Array.isArray(value) || /^\d+$/.test(step)) return `${path}[${step}]`;
  if (/[.[\]]/.test(step)) return `${path}["${step}"]`;
  return path === "" ? step : `${path}.${step}`;
}
