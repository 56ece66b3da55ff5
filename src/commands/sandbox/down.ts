import type { Command } from "../shared/command.js";
import { sandboxName } from "../shared/sandbox-options.js";

export const sandboxDownCommand: Command = {
  name: "sandbox down",
  summary: "Stop a sandbox, and leave nothing of it.",
  description:
    "Stops every process that the sandbox started, by the sandbox's own records, and removes its folder. Works in any state, also after a crash half-way through `sandbox up`.",
  options: { ...sandboxName },
  examples: [{ command: "clustershift sandbox down", what: "" }],
  async run(args, { edges }) {
    const name = String(args.name);
    const { sandboxDown } = await import("../../sandbox/down.js");
    const was = await sandboxDown(edges.env, name);
    return {
      code: "ok",
      json: { name, was },
      text: was ? `Sandbox "${name}" is gone.` : `There was no sandbox "${name}".`,
    };
  },
};
