import { UserError } from "../model/errors.js";

/** A bundle that can't be trusted; `where` is a file, with its line where one is known. */
export function damaged(where: string, what: string, cause?: unknown): UserError {
  return new UserError({
    code: "bundle-invalid",
    what: `${where}: ${what}`,
    fix: "Restore the bundle from a copy, or make a new one: clustershift export",
    cause,
  });
}
