import { migrations } from "../../migrations/index.js";
import type { KubeVersion } from "../model/kube-version.js";
import { adaptations, adaptationsWith, noSettings } from "./changes/index.js";
import type { ReplayRules } from "./replay.js";
import { rules } from "./rules/index.js";

/** What decides over objects where a team has said nothing of its own. */
export const standard: ReplayRules = { migrations, rules, changes: adaptations };

/** The same where objects go to a server of a version that is known: what it takes in depends on it. */
export function standardFor(greenVersion: KubeVersion | undefined): ReplayRules {
  return { ...standard, changes: adaptationsWith({ ...noSettings, ...(greenVersion && { greenVersion }) }) };
}
