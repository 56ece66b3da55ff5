import { z } from "zod";
import { unique } from "../rules.js";
import { selector } from "./selector.js";
import { text, textLike } from "./values.js";

const pointer = z
  .string()
  .regex(/^(\/([^~/]|~[01])*)+$/, 'is no JSON pointer: write for example "/metadata/labels/acme.example~1team"')
  .refine((value) => !value.split("/").includes("__proto__"), "names __proto__, which is no field");

/** What tells an object from others: no transform changes it by the way. */
const identity = /^\/(apiVersion|kind|metadata(\/(name|namespace))?)$/;
const target = pointer
  .refine(
    (value) => !identity.test(value),
    "leads to what tells an object from others: `rename` changes names and namespaces",
  )
  .meta({ examples: ["/metadata/labels/acme.example~1team"] });

const value = z
  .unknown()
  .refine(isExact, "holds a number with more digits than can be kept here: write it by a module, as a BigInt")
  .meta({ description: "Any value that JSON can hold." });

function isExact(value: unknown): boolean {
  if (typeof value === "number")
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

const operation = z
  .discriminatedUnion("op", [
    z.strictObject({ op: z.literal("add"), path: target, value }),
    z.strictObject({ op: z.literal("remove"), path: target }),
    z.strictObject({ op: z.literal("replace"), path: target, value }),
    z.strictObject({ op: z.literal("move"), from: target, path: target }),
    z.strictObject({ op: z.literal("copy"), from: pointer, path: target }),
    z.strictObject({ op: z.literal("test"), path: pointer, value }),
  ])
  .superRefine((operation, context) => {
    if ("value" in operation && operation.value === undefined)
      context.addIssue({ code: "custom", path: ["value"], message: "is missing: write a value" });
  });

/** A name as objects have it: most kinds take less, which the server says. */
const objectName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/, 'is no name of an object: write for example "shop-2"');

const renaming = z
  .union([
    z.strictObject({ namespace: objectName.meta({ description: "The namespace's new name.", examples: ["store"] }) }),
    z.strictObject({ name: objectName.meta({ description: "The object's new name.", examples: ["web-2"] }) }),
  ])
  .meta({
    description:
      "A new name for one whole namespace, or for one object; the references that others hold are changed with it.",
  });

const actions = ["patch", "set", "remove", "rename", "module"] as const;

const transform = z
  .strictObject({
    name: textLike("The transform's name: the plan, the accounting and explain show it.", "team-labels"),
    reason: textLike("Why it is made: the plan shows it.", "Green's policies ask for a team on every object"),
    select: selector,
    patch: z
      .array(operation)
      .min(1)
      .optional()
      .meta({ description: "A JSON Patch (RFC 6902). A test that doesn't hold makes the object fail." }),
    set: z
      .record(target, value)
      .refine((values) => Object.keys(values).length > 0, "sets nothing: write a JSON pointer and its value")
      .optional()
      .meta({
        description: "JSON pointers with the values that belong there.",
        examples: [{ "/metadata/labels/team": "shop" }],
      }),
    remove: z
      .array(target)
      .min(1)
      .optional()
      .meta({ description: "JSON pointers of what is taken off, where it's there." }),
    rename: renaming.optional(),
    module: text
      .regex(/\.[mc]?[jt]s$/, 'is no module: write for example "./transforms/labels.ts"')
      .optional()
      .meta({
        description: "A TypeScript or JavaScript file whose default export is a function of one object.",
        examples: ["./transforms/labels.ts"],
      }),
  })
  .superRefine((transform, context) => {
    const given = actions.filter((action) => transform[action] !== undefined);
    if (given.length !== 1) {
      const instead = given.length === 0 ? "does nothing" : `has ${given.join(" and ")}`;
      context.addIssue({ code: "custom", message: `${instead}: write one of ${actions.join(", ")}` });
    }
    const message = transform.rename && unfit(transform.select, transform.rename);
    if (message) context.addIssue({ code: "custom", path: ["select"], message });
  });

/** Kinds whose names mean more than a reference can follow. */
const unnameable: Record<string, string> = {
  Namespace: "is renamed with all that is in it: select {namespace: …} and rename {namespace: …}",
  StatefulSet: "gives its name to its claims and pods: their data would be left behind",
  CustomResourceDefinition: "is named by what it defines",
  APIService: "is named by what it serves",
  PersistentVolume: "is named by others' claims and snapshots",
};

/** Why these objects can't be renamed so: a rename is exact, or it's refused. */
function unfit(select: z.infer<typeof selector>, rename: z.infer<typeof renaming>): string | undefined {
  const { group, kind, namespace, name, labels } = select;
  const isOne = (value: string | undefined) => value !== undefined && !value.includes("*");
  if ("namespace" in rename) {
    const whole = isOne(namespace) && group === undefined && kind === undefined && name === undefined && !labels;
    return whole ? undefined : "must name one whole namespace, and nothing else: what stayed would refer to what moved";
  }
  if (!isOne(name) || kind === undefined || labels || (namespace !== undefined && !isOne(namespace))) {
    return "must name one object: its kind and name, and its namespace where it has one";
  }
  return unnameable[kind] && `names a ${kind}, which ${unnameable[kind]}`;
}

/** `Namespace store`, `Service shop/web-2`: two renames to it would make one object of two. */
function newName({ kind, namespace }: z.infer<typeof selector>, rename: z.infer<typeof renaming>): string {
  if ("namespace" in rename) return `Namespace ${rename.namespace}`;
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${rename.name}`;
}

export const transforms = z
  .array(transform)
  .default([])
  .superRefine(unique(({ name }) => [name]))
  .superRefine(unique(({ select, rename }) => (rename ? [newName(select, rename)] : [])))
  .meta({ description: "A team's own changes of objects on their way, in this order." });
