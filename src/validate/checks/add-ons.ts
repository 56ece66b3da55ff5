import { type Outcome, unless } from "../check.js";

/** A managed add-on, as EKS tells of it. */
export interface AddOnState {
  name: string;
  version: string;
  /** ACTIVE, DEGRADED, CREATING, … */
  status: string;
  /** In EKS's own words. */
  issues: string[];
}

export function addOnsActive(addOns: readonly AddOnState[]): Outcome {
  const problems = addOns
    .filter(({ status }) => status !== "ACTIVE")
    .map(
      ({ name, version, status, issues }) =>
        `${name} ${version} is ${status}${issues.map((each) => `: ${each}`).join("")}`,
    );
  return unless(problems, `${addOns.length} add-ons are ACTIVE`);
}
