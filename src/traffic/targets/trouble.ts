import { UserError } from "../../model/errors.js";

/** Several things that keep targets from being shifted, as one error. */
export function configTrouble(troubles: string[]): UserError {
  return new UserError({
    code: "config-invalid",
    what: troubles.join("\n"),
    fix: "Mend traffic in clustershift.yaml, or the records and addresses themselves. Nothing was changed.",
  });
}
