import { type Member, type Model, operationOf, type Shape, shapeOf } from "./model.js";

/** Parameters of a request or an answer, by the members' names. */
export type Params = Record<string, unknown>;

/**
 * What a request has that AWS's own description of its API doesn't take: members that it doesn't know or that are missing,
 * types, enums, patterns, lengths and ranges. One line for each, beginning with the member's path.
 */
export function violations(model: Model, operation: string, params: Params): string[] {
  const { input } = operationOf(model, operation);
  if (input) return ofShape(model, input, params, operation);
  return Object.keys(params).map((key) => `${operation}.${key}: is no member; the request has none`);
}

function ofShape(model: Model, member: Pick<Member, "shape">, value: unknown, path: string): string[] {
  const shape = shapeOf(model, member);
  switch (shape.type) {
    case "structure":
      return isRecord(value) ? ofStructure(model, shape, value, path) : [`${path}: must be a structure`];
    case "list":
      if (!Array.isArray(value)) return [`${path}: must be a list`];
      return [
        ...outOf(shape, value.length, path, "members"),
        ...value.flatMap((each, index) =>
          shape.member ? ofShape(model, shape.member, each, `${path}[${index}]`) : [],
        ),
      ];
    case "map":
      if (!isRecord(value)) return [`${path}: must be a map`];
      return [
        ...outOf(shape, Object.keys(value).length, path, "entries"),
        ...Object.entries(value).flatMap(([key, each]) => [
          ...(shape.key ? ofShape(model, shape.key, key, `${path} key ${key}`) : []),
          ...(shape.value ? ofShape(model, shape.value, each, `${path}.${key}`) : []),
        ]),
      ];
    case "string":
      return typeof value === "string" ? ofString(shape, value, path) : [`${path}: must be a string`];
    case "integer":
    case "long":
      return Number.isInteger(value) ? outOf(shape, Number(value), path) : [`${path}: must be a whole number`];
    case "float":
    case "double":
      return typeof value === "number" ? outOf(shape, value, path) : [`${path}: must be a number`];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${path}: must be true or false`];
    default:
      return typeof value === "string" || typeof value === "number" ? [] : [`${path}: must be a ${shape.type}`];
  }
}

function ofStructure(model: Model, { members = {}, required = [] }: Shape, value: Params, path: string): string[] {
  const given = Object.entries(value).filter(([, each]) => each !== undefined);
  return [
    ...required.filter((name) => value[name] === undefined).map((name) => `${path}.${name}: is missing`),
    ...given.flatMap(([name, each]) => {
      const member = members[name];
      return member ? ofShape(model, member, each, `${path}.${name}`) : [`${path}.${name}: is no member`];
    }),
  ];
}

function ofString(shape: Shape, value: string, path: string): string[] {
  const wrong = outOf(shape, value.length, path, "characters");
  if (shape.enum && !shape.enum.includes(value)) {
    wrong.push(`${path}: ${JSON.stringify(value)} is none of ${shape.enum.join(", ")}`);
  }
  if (shape.pattern && !patternOf(shape.pattern).test(value)) {
    wrong.push(`${path}: ${JSON.stringify(value)} doesn't match ${shape.pattern}`);
  }
  return wrong;
}

/** AWS's patterns are Java's: they hold for the whole value, and write code points as \u0020 or \p{L}. */
function patternOf(pattern: string): RegExp {
  const whole = `^(?:${pattern})$`;
  try {
    return new RegExp(whole, "su");
  } catch {
    // Escapes of characters that need none are an error in Unicode mode alone.
    return new RegExp(whole, "s");
  }
}

function outOf({ min, max }: Shape, size: number, path: string, unit?: string): string[] {
  const what = unit === undefined ? String(size) : `${size} ${unit}`;
  if (min !== undefined && size < min) return [`${path}: ${what}, and the least is ${min}`];
  if (max !== undefined && size > max) return [`${path}: ${what}, and the most is ${max}`];
  return [];
}

function isRecord(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
