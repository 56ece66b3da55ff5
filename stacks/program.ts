import type * as pulumi from "@pulumi/pulumi";
import { cluster } from "./cluster/cluster.js";
import { findFoundation } from "./cluster/find-foundation.js";
import { foundation } from "./foundation/foundation.js";
import type { ClusterSettings } from "./settings/cluster-settings.js";
import type { FoundationSettings } from "./settings/foundation-settings.js";
import type { StackSettings } from "./settings/stack-settings.js";

/** What Pulumi runs: in `pulumi up`, and inside this process by the Automation API. Resolves to the stack's outputs. */
export type StackProgram = () => Promise<pulumi.Inputs>;

export function foundationProgram(settings: FoundationSettings): StackProgram {
  return async () => foundation(settings);
}

export function clusterProgram(settings: ClusterSettings): StackProgram {
  return async () => cluster(settings, await findFoundation(settings.foundation));
}

export function program(settings: StackSettings): StackProgram {
  return settings.kind === "foundation" ? foundationProgram(settings.foundation) : clusterProgram(settings.cluster);
}
