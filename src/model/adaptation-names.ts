/**
 * The names of the adaptations, which a configuration may turn off. What each does stands in src/replay/changes/adaptations/;
 * a test holds the two together.
 */
export const adaptationNames = [
  "definition-refused-by-v1",
  "webhooks-refused-by-v1",
  "images",
  "node-labels",
  "control-plane-toleration",
  "seccomp-annotations",
  "ebs-storage-class",
  "claim-class",
  "claim-volumes",
  "ingress-class",
  "cron-time-zone",
  "scale-target",
  "service-fields",
  "helm-releases",
  "green-node-labels",
  "node-pins",
  "node-volumes",
  "gone-volume-plugins",
  "named-tokens",
  "lost-annotations",
  "workload-identity",
  "load-balancers",
  "blue-addresses",
] as const;
