import type { ClusterHealth, HealthLook } from "../../../../src/model/health.js";
import type { samplePlan } from "../../../model/samples.js";
import type { SoundEvidence } from "../../evidence.js";
import { planned, type Row, type Spoil, without, writer } from "../spoil.js";

/** One look at a cluster was another one. */
const sick =
  (colour: keyof ClusterHealth, look: number, parts: Partial<HealthLook>): Spoil =>
  (evidence) => {
    const looks = evidence.health[colour].map((each, index) => (index === look ? { ...each, ...parts } : each));
    return { ...evidence, health: { ...evidence.health, [colour]: looks } };
  };
/** Blue's last look found nobody. */
const silence: Partial<HealthLook> = { error: "connection refused.", silent: true };
/** A plan that was made from what is left of blue, and what it lists as exclusive. */
const archived: Parameters<typeof samplePlan>[0] = {
  archive: { kind: "folder", path: "definitions", takenAt: null, versionBy: "says somebody" },
};
const queue = { group: "apps", kind: "Deployment", namespace: "shop", name: "queue" };
const exclusive = [{ object: queue, rule: "queues", edited: queue, field: "spec.replicas", value: 0 }];
/** Clusters that aren't well, or can't be asked. */
export const clusters: Row[] = [
  ["clusters that nobody looked at", "blueHealthy", "blue-unhealthy", without("health"), /Blue .*was not looked at/],
  [
    "a blue of which one look was bad",
    "blueHealthy",
    "blue-unhealthy",
    sick("blue", 1, { nodes: { ready: 2, total: 3, notReady: ["n1"] } }),
    /2 of 3 nodes are Ready, and 90 % must be: n1 \(look 2 of 3\)/,
  ],
  [
    "a green whose system isn't whole",
    "greenHealthy",
    "green-unhealthy",
    sick("green", 2, { workloads: { total: 4, lacking: ["Deployment.apps kube-system/coredns: 0 of 2 available"] } }),
    /1 of 4 system workloads aren't whole: Deployment.apps kube-system\/coredns: 0 of 2/,
  ],
  [
    "another cluster in green's place",
    "greenHealthy",
    "green-unhealthy",
    sick("green", 0, { clusterId: "x" }),
    /another cluster answers in its place \(x, not green-id\)/,
  ],
  ["a blue that doesn't answer", "blueHealthy", "blue-unhealthy", sick("blue", 0, { error: "no route" }), /no route/],
  [
    "exclusive workloads on a dead blue",
    "deadBlueAtRest",
    "blue-may-act",
    (e) => sick("blue", 2, silence)({ ...e, ...planned({ ...archived, exclusive })(e) } as SoundEvidence),
    /can't be asked to stop .* \(connection refused\), and its nodes may go on with it: Deployment\.apps shop\/queue\./,
  ],
  [
    "an external-dns on a dead blue",
    "deadBlueAtRest",
    "blue-may-act",
    (e) =>
      sick(
        "blue",
        2,
        silence,
      )({
        ...e,
        ...planned(archived)(e),
        dns: { ...e.dns, writers: [writer("blue", true)] },
      } as SoundEvidence),
    /may go on with it: Deployment\.apps dns\/external-dns\./,
  ],
  [
    "exclusive workloads where another cluster is in a dead blue's place",
    "deadBlueAtRest",
    "blue-may-act",
    (e) => sick("blue", 2, { clusterId: "x" })({ ...e, ...planned({ ...archived, exclusive })(e) } as SoundEvidence),
    /another cluster answers in its place \(x, not blue-id\)/,
  ],
];
