import type { PolicySettings, Violation } from "../../model/policy.js";
import type { StackChange } from "../../model/stack-change.js";
import type { PolicyRule } from "./rule.js";
import { allPowerfulRole, openToTheWorld } from "./rules/access.js";
import { plainBucket, publicBucket } from "./rules/buckets.js";
import { logsOff, plainSecrets, publicEndpoint } from "./rules/control-plane.js";
import { controlPlaneLost, foundationLost, protectedLost } from "./rules/losses.js";
import { imdsV1, plainVolume, singleZone, untaggedNodes } from "./rules/nodes.js";
import { teamViolations } from "./team-rule.js";

/** Every built-in rule. Register here, and its id in src/model/policy.ts. */
export const policyRules: readonly PolicyRule[] = [
  publicEndpoint,
  plainSecrets,
  plainVolume,
  plainBucket,
  publicBucket,
  imdsV1,
  openToTheWorld,
  allPowerfulRole,
  singleZone,
  untaggedNodes,
  logsOff,
  controlPlaneLost,
  foundationLost,
  protectedLost,
];

/** What production must not have, of all that a preview told of: also what is there already, and stays as it is. */
export function violations(changes: readonly StackChange[], { off, rules }: PolicySettings): Violation[] {
  const isOff = new Set<string>(off.map(({ rule }) => rule));
  const inForce = policyRules.filter(({ id }) => !isOff.has(id));
  return changes.flatMap((change) => {
    const resource = `${change.name} (${change.type})`;
    return [
      ...inForce.flatMap((rule) => rule.check(change, changes).map((each) => ({ rule: rule.id, resource, ...each }))),
      ...rules.flatMap((rule) => teamViolations(rule, change).map((each) => ({ rule: rule.id, resource, ...each }))),
    ];
  });
}

/** `imdsv1: nodes (aws:…) metadataOptions.httpTokens: it is optional. Set …` */
export function describeViolation({ rule, resource, property, why, whatToDo }: Violation): string {
  return `${rule}: ${resource}${property && ` ${property}`}: ${why}. ${whatToDo}`;
}
