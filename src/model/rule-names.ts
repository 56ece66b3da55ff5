/**
 * The names of the rules by which objects are not simply copied: the configuration names them too. What each decides
 * stands in src/replay/rules/; a test holds the two together.
 */

/** Rules that `replay.keep` can't overrule, and why: a copy would be untrue, or would do harm. */
export const neverOverruled = {
  "being-deleted": "blue is deleting it, and green would keep it for good",
  "own-state": "it is the record of another run, and this one would believe it",
  "own-identity": "it would give clustershift in green what only blue's administrator gave it",
  "per-cluster-kind": "it describes blue itself, and would be untrue on green",
  "namespace-left-behind": "its namespace isn't there on green; keep the Namespace and what belongs to it",
  "definition-left-behind": "green doesn't know its kind; keep the CustomResourceDefinition",
  "leader-election": "green's leaders would wait for one that runs on blue",
  "mirror-pod": "only the kubelet that runs a static pod can make its mirror",
  "volumes-later": "green would claim a disk that blue uses, and could delete it",
  "snapshots-later": "deleted on green, the snapshot would be gone on blue",
  "left-to-velero": "Velero would find the claim there, and restore nothing into it",
  "velero-operation": "Velero on green would back up, restore or delete once more",
  "made-by-owner": "its owner's controller makes one too, so that it would be there twice",
  "api-server-service": "green's API server makes it, with its own addresses",
  "endpoints-of-selector": "green's endpoints controller makes it, with its own addresses",
  "endpoint-slice-of-service": "green's endpoint slice controllers make it, with their own addresses",
  "root-ca": "it would tell green's pods to trust blue's certificate authority",
  "system-config": "green's API server writes it, with its own certificates",
  "bootstrap-flow-control": "green's API server writes it, and would write it again",
  "system-priority-class": "green's API server makes it, and lets nobody change it",
  "local-api-service": "green's API server registers what it serves itself",
} as const;

/** Rules that leave objects behind, and that `replay.keep` can overrule. */
export const overrulable = [
  "finished-pod",
  "finished-job",
  "finished-run",
  "bootstrap-token",
  "installer-config",
  "certificate-request",
  "cloud-resource",
  "automatic-token",
  "controller-account",
  "bootstrap-rbac",
  "copied-by-olm",
  "left-to-deployer",
  "kops-add-on",
  "network-add-on",
  "installer-rbac",
] as const;

/** Rules that put what blue has into what green has by itself: nothing is left behind, so there is nothing to keep. */
export const merging = ["default-namespace", "default-account", "edited-rbac", "edited-flow-control"] as const;

/** Why a configuration may not overrule a rule of ours; undefined where it may. */
export function whyNeverOverruled(rule: string): string | undefined {
  return Object.hasOwn(neverOverruled, rule) ? neverOverruled[rule as keyof typeof neverOverruled] : undefined;
}

export function isRuleName(name: string): boolean {
  return Object.hasOwn(neverOverruled, name) || [...overrulable, ...merging].some((known) => known === name);
}
