import type { Params } from "./check.js";
import { type Member, type Model, operationOf, shapeOf } from "./model.js";
import { type Element, readXml } from "./xml.js";

/** What AWS, or the emulator, refused, in its own words. */
export class AwsError extends Error {
  constructor(
    /** `EntityAlreadyExists`, `InvalidVpcID.NotFound`, … */
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

interface Answer {
  status: number;
  text: string;
  /** What its header calls the error, in REST with JSON. */
  named?: string | undefined;
}

/** The members of an answer's output. @throws AwsError where it says no */
export function readAnswer(model: Model, name: string, { status, text, named }: Answer): Params {
  const { protocol } = model.metadata;
  const inJson = protocol === "json" || protocol === "rest-json";
  if (status >= 300) throw inJson ? jsonError(status, text, named) : xmlError(status, text);
  const { output } = operationOf(model, name);
  if (!output || text === "") return {};
  const shape = shapeOf(model, output);
  const payload = shape.payload;
  const payloadMember = payload === undefined ? undefined : shape.members?.[payload];
  if (payload !== undefined && payloadMember && shapeOf(model, payloadMember).type !== "structure")
    return { [payload]: text };
  if (inJson) {
    const body = JSON.parse(text) as Params;
    return payload === undefined ? body : { [payload]: body };
  }
  const root = readXml(text);
  if (payload !== undefined && payloadMember) return { [payload]: readValue(model, payloadMember, [root]) };
  const wrapped = root.children.find((child) => child.name === output.resultWrapper);
  return readValue(model, output, [wrapped ?? root]) as Params;
}

/** `found`: the elements of the member's name; several where a list is flattened. */
function readValue(model: Model, member: Pick<Member, "shape" | "flattened">, found: Element[]): unknown {
  const shape = shapeOf(model, member);
  const [first] = found;
  if (!first) return undefined;
  if (shape.type === "structure") {
    const pairs = Object.entries(shape.members ?? {}).flatMap(([name, inner]) => {
      const own = nameInXml(model, name, inner);
      const children = first.children.filter((child) => child.name === own);
      return children.length === 0 ? [] : [[name, readValue(model, inner, children)] as const];
    });
    return Object.fromEntries(pairs);
  }
  if (shape.type === "list" && shape.member) {
    const { member: of } = shape;
    const elements = shape.flattened || member.flattened ? found : first.children;
    return elements.map((element) => readValue(model, of, [element]));
  }
  if (shape.type === "boolean") return first.text === "true";
  if (["integer", "long", "float", "double"].includes(shape.type)) return Number(first.text);
  return first.text;
}

/** A flattened list may be named by its members. */
function nameInXml(model: Model, name: string, member: Member): string {
  const shape = shapeOf(model, member);
  if (shape.type === "list" && shape.flattened && member.locationName === undefined)
    return shape.member?.locationName ?? name;
  return member.locationName ?? name;
}

function jsonError(status: number, text: string, named: string | undefined): AwsError {
  const said = parsed(text);
  const code = String(named ?? said.__type ?? said.code ?? said.Code ?? status).replace(/^.*#/, "");
  return new AwsError(code, status, String(said.message ?? said.Message ?? text.slice(0, 300)));
}

function parsed(text: string): Params {
  try {
    return JSON.parse(text) as Params;
  } catch {
    return {};
  }
}

function xmlError(status: number, text: string): AwsError {
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? String(status);
  return new AwsError(code, status, /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? text.slice(0, 300));
}
