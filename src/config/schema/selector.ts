import { z } from "zod";
import { text } from "./values.js";

/** Which objects of blue an entry is about: everything that is named must hold. See src/model/selector.ts. */
export const selector = z
  .strictObject({
    group: z.string().optional().meta({ description: 'API group; "" is the core group.' }),
    kind: text.optional().meta({ description: "Kind, e.g. CronJob." }),
    namespace: text
      .optional()
      .meta({ description: "Namespace of the objects, and the Namespace itself; * stands for any characters." }),
    name: text.optional().meta({ description: "Name of the objects; * stands for any characters." }),
    labels: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: "Labels with the values that they must have; * stands for any characters." }),
  })
  .refine(
    (select) => Object.values(select).some((part) => part !== undefined),
    "would select everything: say which objects by group, kind, namespace, name or labels",
  )
  .meta({ description: "Which objects: everything that is named must hold." });
