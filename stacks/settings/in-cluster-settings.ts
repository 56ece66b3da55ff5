import { z } from "zod";
import { objectName } from "./kubernetes-names.js";

/** What the stack puts into the cluster itself, beside EKS's add-ons. */

const levels = ["privileged", "baseline", "restricted"] as const;
const level = z.enum(levels, `must be ${levels.join(", ")}`);

export const namespacesSchema = z
  .record(
    objectName.refine(
      (text) => text !== "default" && !text.startsWith("kube-"),
      "is there already, and Kubernetes's own: it can't be made",
    ),
    z.strictObject({
      enforce: level.describe("Pods that need more are refused."),
      warn: level
        .optional()
        .describe("Pods that need more are warned of, and told to the audit log. Left out: as enforce."),
    }),
  )
  .default({});

const image = (fallback: string) =>
  z
    .string()
    .regex(/^[a-z0-9./_-]+(:\d+\/[a-z0-9./_-]+)?(:[\w.-]+)?@?[\w:]*$/, "is not an image")
    .refine((text) => /:[\w.-]+$/.test(text) && !text.endsWith(":latest"), "must say which version, and not latest")
    .default(fallback);

export const veleroSchema = z
  .strictObject({
    image: image("velero/velero:v1.17.1").describe("Velero itself; its definitions come with it."),
    pluginImage: image("velero/velero-plugin-for-aws:v1.13.1").describe("Its plugin for AWS, of a version that fits."),
  })
  .optional();
