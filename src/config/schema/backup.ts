import { z } from "zod";
import { age } from "./values.js";

/** Commands that can be made to ask for a backup that was restored. */
export const backedUp = ["cutover", "teardown"] as const;

export const backup = z
  .strictObject({
    require: z
      .array(z.enum(backedUp))
      .default(["teardown"])
      .meta({ description: "What may begin only once `clustershift backup verify` has passed for a backup of blue." }),
    maxAge: age.default("24h").meta({
      description:
        "How old that backup may be when traffic is moved, where cutover is required. Teardown takes any since the plan was made.",
    }),
  })
  .prefault({});
