import type { ReplayRules } from "../../replay/replay.js";
import { rulesWith } from "../../replay/rules/index.js";
import { standard } from "../../replay/standard.js";
import type { Project } from "./project.js";

/** What decides over blue's objects: ours, and what the team's configuration says of them. */
export async function replayRules({ config }: Project): Promise<ReplayRules> {
  return { ...standard, rules: rulesWith(config.replay.skip) };
}
