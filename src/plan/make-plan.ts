import type { Finding } from "../model/finding.js";
import { parseKubeVersion } from "../model/kube-version.js";
import { type Plan, planHash } from "../model/plan.js";

/** Everything of a plan but what is computed here. */
export type PlanInputs = Omit<Plan, "format" | "hash" | "findings"> & { findings: Finding[] };

/** Seals the inputs into a plan: a version that can't be read is a finding too, since nothing can be said of hops then. */
export function makePlan(inputs: PlanInputs): Plan {
  const unread = parseKubeVersion(inputs.blue.version)
    ? []
    : [
        {
          id: "version-unknown",
          severity: "blocker" as const,
          why: `Blue says that its version is "${inputs.blue.version}", which is none.`,
          whatToDo: "Check what `kubectl version` says of blue; something between may change its answers.",
        },
      ];
  const plan = { format: 1 as const, ...inputs, findings: [...unread, ...inputs.findings] };
  return { ...plan, hash: planHash(plan) };
}
