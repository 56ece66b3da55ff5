import type { NodeGroup } from "../../src/model/plan.js";
import { type Assessment, nothingDecided, nothingExclusive } from "../../src/plan/assessment.js";

/** A group with one node in each zone. */
export const group = (name: string, zones: string[], role: NodeGroup["role"] = "worker"): NodeGroup => ({
  name,
  role,
  zones: Object.fromEntries(zones.map((zone) => [zone, 1])),
  labels: {},
  taints: [],
});

/** Nothing to be said of it: the same version, the same shape, a window. */
export const quiet: Assessment = {
  from: { major: 1, minor: 35 },
  to: { major: 1, minor: 35 },
  blueResources: [],
  broken: [],
  topology: { zones: ["a"], groups: [group("nodes", ["a", "b"]), group("masters", ["a"], "control-plane")] },
  greenTopology: { zones: ["a"], groups: [group("nodes", ["a", "b"])] },
  kinds: [],
  held: [],
  exclusive: nothingExclusive,
  volumes: [],
  changes: [],
  objects: [],
  releases: { apis: [], unread: [] },
  decided: nothingDecided,
  remarks: [],
  distribution: "any",
  rehearsal: { where: "sandbox", differences: [] },
  window: true,
};
