import { UserError } from "../../model/errors.js";
import { throwIfInterrupted } from "../../traffic/effect.js";
import type { Confirm } from "../../traffic/targets/target.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";

export const confirmManualOption = {
  "confirm-manual": {
    type: "array",
    string: true,
    default: [],
    describe: "Names of traffic.manual that were done by hand. Asked for on a terminal when its turn comes.",
  },
} as const;

/**
 * Whether a person has done what moves by hand: as the option says, or as she answers.
 *
 * @throws UserError `usage` where the option names what isn't in traffic.manual
 */
export function confirmByHand(
  args: Record<string, unknown>,
  { config, file }: Project,
  { edges, progress }: Context,
): Confirm {
  const given = (args.confirmManual as unknown[]).map(String);
  const unknown = given.find((name) => !config.traffic.manual.some((task) => task.name === name));
  if (unknown !== undefined) {
    throw new UserError({
      code: "usage",
      what: `--confirm-manual ${unknown}: traffic.manual has nothing of that name.`,
      fix: `The names are in ${file}: ${config.traffic.manual.map(({ name }) => name).join(", ") || "none"}`,
    });
  }
  return async ({ name, task }) => {
    if (given.includes(name)) return true;
    progress.line(`cutover: by hand, ${name}: ${task}`);
    try {
      return (await edges.ask?.(`Do this now: ${task}\nType done once it is; anything else stops here: `)) === "done";
    } catch (error) {
      throwIfInterrupted(edges.signal);
      throw error;
    }
  };
}
