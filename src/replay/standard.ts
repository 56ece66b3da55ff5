import { migrations } from "../../migrations/index.js";
import { adaptations } from "./changes/index.js";
import type { ReplayRules } from "./replay.js";
import { rules } from "./rules/index.js";

/** What decides over objects where a team has said nothing of its own. */
export const standard: ReplayRules = { migrations, rules, changes: adaptations };
