import fc from "fast-check";
import { foundationOutputs, rawCluster, rawGroup } from "./settings-fixtures.js";

/** Right configurations of cluster stacks: groups x zones x options. */

const zones = foundationOutputs.privateSubnets.map(({ zone }) => zone);

const group = fc
  .record({
    min: fc.integer({ min: 0, max: 9 }),
    more: fc.integer({ min: 3, max: 9 }),
    zones: fc.option(fc.subarray(zones, { minLength: 1 }), { nil: undefined }),
    volumes: fc.boolean(),
    perZone: fc.boolean(),
    arm: fc.boolean(),
    spot: fc.boolean(),
    isPublic: fc.boolean(),
    taints: fc.subarray(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    rootVolumeGiB: fc.integer({ min: 20, max: 500 }),
  })
  .map(({ min, more, volumes, perZone, arm, spot, isPublic, taints, ...same }) => ({
    ...same,
    min,
    max: min + more,
    instanceTypes: arm ? ["m7g.large", "c7g.large"] : ["m6i.large"],
    architecture: arm ? "arm64" : "x86_64",
    capacity: spot ? "spot" : "on-demand",
    subnets: isPublic ? "public" : "private",
    taints: taints.map((effect) => ({ key: "dedicated", effect })),
    volumes,
    // Told that pods have volumes, a group is one a zone by itself.
    ...(volumes ? {} : { perZone }),
  }));

const version = fc.integer({ min: 30, max: 40 });

/** What `clustershift:cluster` would say: always with a group that DNS can run on. */
export const configurations = fc
  .record({
    minor: version,
    groups: fc.array(group, { maxLength: 4 }),
    publicCidrs: fc.option(fc.subarray(["203.0.113.0/24", "198.51.100.7/32"], { minLength: 1 }), { nil: undefined }),
    senders: fc.option(fc.subarray(["203.0.113.0/24", "192.0.2.0/24"], { minLength: 1 }), { nil: undefined }),
    logs: fc.subarray(["api", "audit", "scheduler"]),
    networkPolicy: fc.constantFrom("vpc-cni", "calico", "none"),
    controllers: fc.subarray(["velero", "load-balancer-controller", "external-dns"]),
    namespaces: fc.subarray(["shop", "mail"]),
    identities: fc.subarray(["pod-identity", "irsa", "irsa"]),
    admitted: fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { maxLength: 3 }),
    joined: fc.subarray(["sg-0a", "sg-0b"]),
    team: fc.option(fc.constantFrom("platform", "shop"), { nil: undefined }),
  })
  .map(
    ({
      minor,
      groups,
      publicCidrs,
      senders,
      logs,
      team,
      networkPolicy,
      controllers,
      identities,
      namespaces,
      admitted,
      joined,
    }) =>
      rawCluster({
        name: `prod-1-${minor}`,
        version: `1.${minor}`,
        groups: [
          rawGroup({ subnets: senders ? "public" : "private" }),
          ...groups.map((each, index) => ({ ...each, name: `group-${index}` })),
        ],
        ...(publicCidrs && { endpoint: { public: true, publicCidrs } }),
        ...(senders && { syslog: { group: "nodes", allowFrom: senders } }),
        logs: { types: logs },
        networkPolicy,
        controllers: Object.fromEntries(controllers.map((controller) => [controller, {}])),
        ...(controllers.includes("velero") && { velero: {} }),
        namespaces: Object.fromEntries(namespaces.map((each) => [each, { enforce: "baseline" }])),
        identities: identities.map((by, index) => ({
          name: `workload-${index}`,
          namespace: "shop",
          serviceAccount: `account-${index}`,
          by,
          policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        })),
        admittedBy: admitted.map((port) => ({ securityGroupId: "sg-0db", ports: { from: port, to: port } })),
        nodeSecurityGroupIds: joined,
        ...(team && { tags: { team } }),
      }),
  );
