/** What is asked of a schema here, whatever its type: zod's own types would need a case for each. */
export interface SchemaNode {
  def?: { innerType?: SchemaNode; valueType?: SchemaNode; discriminator?: string };
  shape?: Record<string, SchemaNode>;
  element?: SchemaNode;
  options?: SchemaNode[];
  meta?(): { description?: string; examples?: unknown[] } | undefined;
  safeParse?(value: unknown): { success: boolean };
}

/**
 * The schema at a path of a document; undefined where there is none. Of alternatives the
 * document's own value chooses one, by its discriminator (`kind`) or by a key that only one has.
 *
 * @param root one of zod's schemas, as a node
 */
export function schemaAt(root: SchemaNode, path: readonly PropertyKey[], document: unknown): SchemaNode | undefined {
  let schema: SchemaNode | undefined = bare(root);
  let value = document;
  for (const step of path) {
    const key = String(step);
    const inner: SchemaNode | undefined = chosen(schema, value);
    schema = bare(inner?.shape?.[key] ?? inner?.element ?? inner?.def?.valueType);
    value = member(value, step);
  }
  return chosen(schema, value);
}

/** The value at a path; undefined where there is none. */
export function valueAt(path: readonly PropertyKey[], document: unknown): unknown {
  return path.reduce(member, document);
}

/** The keys that a mapping must have. */
export function requiredKeys(schema: SchemaNode): string[] {
  return Object.entries(schema.shape ?? {})
    .filter(([, member]) => !member.safeParse?.(undefined).success)
    .map(([key]) => key);
}

function member(value: unknown, step: PropertyKey): unknown {
  return value !== null && typeof value === "object" && Object.hasOwn(value, step)
    ? (value as Record<PropertyKey, unknown>)[step]
    : undefined;
}

function chosen(schema: SchemaNode | undefined, value: unknown): SchemaNode | undefined {
  if (!schema?.options) return schema;
  const discriminator = schema.def?.discriminator;
  const meant = schema.options.filter(({ shape = {} }) =>
    discriminator
      ? shape[discriminator]?.safeParse?.(member(value, discriminator)).success
      : Object.keys(shape).some((key) => member(value, key) !== undefined),
  );
  return meant.length === 1 ? meant[0] : schema;
}

/** Without what wraps it for defaults and optional keys; the description of the innermost that has one stays. */
function bare(schema: SchemaNode | undefined): SchemaNode | undefined {
  let current = schema;
  while (current?.def?.innerType) current = current.def.innerType;
  return current;
}
