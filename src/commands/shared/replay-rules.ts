import type { ConfiguredDeployer } from "../../replay/deployers/configured.js";
import type { ReplayRules } from "../../replay/replay.js";
import { rulesWith } from "../../replay/rules/index.js";
import { standard } from "../../replay/standard.js";
import { milliseconds, type Project } from "./project.js";

/** What decides over blue's objects: ours, and what the team's configuration says of them. */
export async function replayRules({ config }: Project): Promise<ReplayRules> {
  return { ...standard, rules: rulesWith({ ...config.replay, deployers: deployersOf(config) }) };
}

/** Who deploys what, and how long each is waited for. */
export function deployersOf({ replay }: Project["config"]): ConfiguredDeployer[] {
  return replay.deployers.map(({ timeout, ...entry }) => ({ ...entry, timeoutMs: milliseconds(timeout) }));
}
