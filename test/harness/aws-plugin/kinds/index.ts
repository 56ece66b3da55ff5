import type { Kind } from "../kind.js";
import { eks } from "./eks.js";
import { iam } from "./iam.js";
import { keys } from "./keys.js";
import { launchTemplates } from "./launch-templates.js";
import { logs } from "./logs.js";
import { network } from "./network.js";
import { routing } from "./routing.js";
import { s3 } from "./s3.js";
import { securityGroups } from "./security-groups.js";

/** Every type that stacks/ uses. Register a new one in the file of its service. */
const kinds: Record<string, Kind> = {
  ...eks,
  ...iam,
  ...keys,
  ...launchTemplates,
  ...logs,
  ...network,
  ...routing,
  ...s3,
  ...securityGroups,
};

export function kindOf(type: string): Kind {
  const kind = kinds[type];
  if (!kind) throw new Error(`the AWS plugin for tests doesn't know ${type}: add it to its kinds`);
  return kind;
}
