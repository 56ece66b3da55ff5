import { formatDuration } from "../model/duration.js";
import type { Finding } from "../model/finding.js";
import { countByEnd } from "../model/held.js";
import { refKey } from "../model/objects.js";
import { oneLine } from "../model/plain-text.js";
import type { Plan } from "../model/plan.js";
import { describeGroup } from "./topology.js";

/** The plan on a terminal: what a person must know before approving; plan.md has the rest. */
export function planText(plan: Plan): string {
  const { blue, green, findings } = plan;
  const objects = plan.kinds.reduce((sum, { count }) => sum + count, 0);
  return [
    `Plan ${plan.hash.slice(0, 12)} of run ${plan.run}: ${plan.environment}`,
    `  blue   ${blue.name}, Kubernetes ${blue.version}, ${objects} objects of ${plan.kinds.length} kinds`,
    `         ${blue.topology.groups.map(describeGroup).join("; ")}`,
    `  green  Kubernetes ${green.version}`,
    `  window ${plan.window ? `${plan.window.opens} to ${plan.window.closes}` : "none"}`,
    "",
    `Findings (${findings.length})`,
    ...findings.flatMap(findingLines),
    ...(plan.held.length > 0 ? [`Held on green: ${countByEnd(plan.held)}`] : []),
    "",
    "Steps",
    ...plan.steps.map(({ phase, what }, index) => `  ${String(index + 1).padStart(2)}. ${phase.padEnd(9)} ${what}`),
    "",
    "Time, at most",
    ...plan.budgets.map(
      ({ phase, seconds, basis }) => `  ${phase.padEnd(9)} ${formatDuration(seconds * 1000).padEnd(8)} ${basis}`,
    ),
  ]
    .map(oneLine)
    .join("\n");
}

function findingLines({ id, severity, object, count, why, whatToDo }: Finding): string[] {
  const what = object ? ` ${refKey(object)}${count && count > 1 ? ` and ${count - 1} more` : ""}:` : "";
  return [`  ${severity.padEnd(8)} ${id}:${what} ${why}`, `           -> ${whatToDo}`];
}
