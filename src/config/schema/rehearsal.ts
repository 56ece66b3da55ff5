import { z } from "zod";
import { age } from "./values.js";

export const rehearsal = z
  .strictObject({
    maxAge: age.default("14d").meta({ description: "How old the rehearsal may be when traffic is moved." }),
  })
  .prefault({});
