import { z } from "zod";

/** Labels and taints as Kubernetes takes them: a node that is started with another never joins. */

const prefix = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const segment = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** `name`, or `domain/name`. */
export function isQualifiedName(text: string): boolean {
  const [first = "", second, ...rest] = text.split("/");
  if (rest.length > 0) return false;
  return second === undefined ? segment.test(first) : first.length <= 253 && prefix.test(first) && segment.test(second);
}

/** The value of a label or taint. */
export const labelValue = z
  .string("must be text, quoted")
  .refine((text) => text === "" || segment.test(text), "is no label's value: at most 63 letters, digits, - _ and .");

/** The name of a namespace or service account. */
export const objectName = z
  .string("a name is needed")
  .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, "is not a name that Kubernetes takes");
