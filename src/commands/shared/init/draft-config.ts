import { stringify } from "yaml";

/** What init found: everything that a first configuration says. */
export interface Found {
  environment: string;
  blue: { name: string; context: string; kubeconfig?: string };
  green: { name: string; version: string };
  /** Blue's groups, each in people's words. */
  groups: string[];
  /** Settings of green's stack, where it is to be one of EKS. */
  settings: Record<string, unknown>;
  /** What labels of blue's nodes are called on green's. */
  nodeLabels: Record<string, { key: string; values?: Record<string, string> }>;
  aws?: { region: string; endpoint?: string };
  sandbox?: { name: string; ports: { http: number; https: number; syslog: number }; dns: string; teardown: string[] };
  records: { zone: string; name: string; type: string }[];
  addressGroups: string[];
  /** Where the records are more of their zone than the usual agreed share. */
  zonePercent: number | undefined;
  checks: Record<string, unknown>[];
}

/** The text of a first clustershift.yaml. */
export function draftConfig(found: Found): string {
  const { blue, green, groups, sandbox, aws, records, addressGroups, zonePercent, checks } = found;
  const zones = [...new Set(records.map(({ zone }) => zone))];
  const part = (comment: string, value: object): string =>
    `${comment ? `# ${comment}\n` : ""}${stringify(value, { lineWidth: 0 })}`;
  return [
    "# yaml-language-server: $schema=./node_modules/clustershift/schema/clustershift.schema.json",
    part("", { apiVersion: "clustershift.dev/v1", environment: found.environment }),
    part(`Found: ${groups.join("; ")}.`, {
      blue: { ...blue, ...(sandbox && { teardown: { command: sandbox.teardown } }) },
    }),
    part("The cluster that will serve. Its stack is described in docs/stacks.md.", {
      green: {
        ...green,
        stack: sandbox ? { kind: "sandbox", sandbox: sandbox.name } : { kind: "eks", settings: found.settings },
        ...(sandbox && { validate: { steady: "2s", every: "500ms" } }),
      },
    }),
    ...(aws ? [part("", { aws })] : []),
    "# The announced maintenance window; without one, cutover is allowed at any time.\n# window: { opens: 2026-11-28T22:00:00+01:00, closes: 2026-11-29T06:00:00+01:00 }\n",
    part(`Records that serve blue's Ingresses, and groups whose nodes have Elastic IPs.${shareNote(zonePercent)}`, {
      traffic: {
        route53: zones.map((zone) => ({
          zone,
          records: records
            .filter((record) => record.zone === zone)
            .map(({ name, type }) => ({ name, type, green: { address: "ingress" } })),
        })),
        ...(zonePercent !== undefined && { zoneShare: { percent: zonePercent } }),
        elasticIps: addressGroups.map((group) => ({ group })),
        steps: [1, 5, 25, 50, 100],
        hold: "60s",
      },
    }),
    part("Made against green's own addresses, under production's names, before and while traffic moves.", {
      smoke: { checks },
    }),
    ...(Object.keys(found.nodeLabels).length > 0
      ? [
          part("What blue's nodes are labelled by, and green's cannot be: selectors are changed on their way.", {
            replay: { adaptations: { nodeLabels: found.nodeLabels } },
          }),
        ]
      : []),
    part("How long green must have served everything before blue may be removed.", { soak: "24h" }),
  ].join("\n");
}

function shareNote(percent: number | undefined): string {
  return percent === undefined
    ? ""
    : `\n# They are ${percent} % of their zone, more than is usual: see that all of them shall move.`;
}
