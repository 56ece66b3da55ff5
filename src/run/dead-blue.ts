import { absenceOf, type ClusterHealth } from "../model/health.js";
import type { Plan } from "../model/plan.js";

/** As a plan has it that was made from files which don't say of which cluster they are. */
const unknownCluster = "unknown";

/**
 * Why blue can't be asked, where a plan made from an archive allows for that. Undefined where it answers, where it has to, and where
 * nobody looked just now.
 */
export function deadBlue({ plan, health }: { plan: Plan | undefined; health?: ClusterHealth | undefined }) {
  if (!plan?.archive) return undefined;
  const { clusterId } = plan.blue;
  return absenceOf(health?.blue, clusterId === unknownCluster ? undefined : clusterId);
}
