import type { Finding, Severity } from "../../../model/finding.js";

/** An object of AWS as findings name it: `SecurityGroup.ec2.aws sg-1 (orders-db)`. */
export function awsObject(service: string, kind: string, name: string): NonNullable<Finding["object"]> {
  return { group: `${service}.aws`, kind, name };
}

/** A finding of this part of the plan. */
export function surrounding(
  id: string,
  severity: Severity,
  parts: Pick<Finding, "why" | "whatToDo"> & Partial<Pick<Finding, "object" | "commands">>,
): Finding {
  const { object, commands, why, whatToDo } = parts;
  return {
    ...{ id, severity },
    ...(object && { object }),
    area: "surroundings",
    ...{ why, whatToDo },
    ...(commands && commands.length > 0 && { commands }),
  };
}

/** In one finding. */
const mostNamed = 12;

export function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  const more = all.length > mostNamed ? ` and ${all.length - mostNamed} more` : "";
  return `${all.slice(0, mostNamed).join(", ")}${more}`;
}
