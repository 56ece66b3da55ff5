import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { clusterProgram } from "../../stacks/program.js";
import { type ClusterSettings, parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { configurations } from "./configurations.js";
import { type MockRun, runWithMocks } from "./mocks.js";
import { foundationOutputs } from "./settings-fixtures.js";

// Loading Pulumi and AWS takes seconds on a busy machine, and each configuration is run whole.
vi.setConfig({ testTimeout: 300_000 });

/** What must hold of a cluster stack, whatever it is told. */
const invariants: Record<string, (made: MockRun, settings: ClusterSettings) => void> = {
  "nothing in it is shared or protected": ({ resources }) => {
    const lasting = /:(Eip|Vpc|Subnet|Bucket|Key|NatGateway|Zone|RouteTable)$/;
    expect(resources.filter(({ type, protect }) => protect || lasting.test(type))).toEqual([]);
  },

  "its endpoint is public only where asked, and never for everyone": (made, { endpoint }) => {
    const config = made.one("eks/cluster:Cluster").inputs.vpcConfig as Record<string, unknown>;
    expect(config.endpointPrivateAccess).toBe(true);
    expect(config.endpointPublicAccess).toBe(endpoint.public);
    expect(config.publicAccessCidrs).toEqual(endpoint.public ? endpoint.publicCidrs : undefined);
  },

  "it touches nothing of others but by rules beside theirs, that name its own group": (made, { admittedBy }) => {
    const rules = made.resources.filter(({ inputs }) => inputs.referencedSecurityGroupId !== undefined);
    expect(rules.map(({ type, inputs }) => [type.split(":").at(-1), inputs.securityGroupId])).toEqual(
      admittedBy.map(({ securityGroupId }) => ["SecurityGroupIngressRule", securityGroupId]),
    );
    expect(rules.map(({ inputs }) => inputs.referencedSecurityGroupId)).toEqual(rules.map(() => "sg-cluster"));
  },

  "each group is in each of its zones, and in no other": (made, { groups }) => {
    for (const group of groups) {
      const subnets = group.subnets === "public" ? foundationOutputs.publicSubnets : foundationOutputs.privateSubnets;
      const wanted = subnets.filter(({ zone }) => group.zones === undefined || group.zones.includes(zone));
      const placed = partsOf(made, group.name).flatMap(({ inputs }) => inputs.subnetIds as string[]);
      expect(placed.sort()).toEqual(wanted.map(({ id }) => id).sort());
    }
  },

  "where there are volumes, a node group is in one zone": (made, { groups }) => {
    for (const { name } of groups.filter(({ volumes }) => volumes))
      for (const { inputs } of partsOf(made, name)) expect(inputs.subnetIds).toHaveLength(1);
  },

  "no node is lost or added by sharing sizes out": (made, { groups }) => {
    for (const { name, min, max, desired = min } of groups) {
      const sizes = partsOf(made, name).map(({ inputs }) => inputs.scalingConfig as Record<string, number>);
      const sum = (size: string) => sizes.reduce((total, each) => total + (each[size] ?? Number.NaN), 0);
      expect([sum("minSize"), sum("maxSize"), sum("desiredSize")]).toEqual([min, max, desired]);
    }
  },

  "everything is made by the stack's own provider, whose tags teardown finds": ({ resources, one }, settings) => {
    const { inputs } = one("pulumi:providers:aws");
    expect(JSON.parse(String(inputs.defaultTags)).tags).toEqual({ ...settings.tags, ...ownTags(settings) });
    const foreign = resources.filter(({ type, provider }) => type.startsWith("aws:") && !provider.includes("::aws::"));
    expect(foreign.map(({ name }) => name)).toEqual([]);
  },

  "what a node group starts is tagged, takes IMDSv2 alone and has an encrypted volume": (made, settings) => {
    const templates = made.ofType(":LaunchTemplate");
    expect(templates).toHaveLength(settings.groups.length);
    for (const { inputs } of templates) {
      expect(inputs.metadataOptions).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
      for (const { ebs } of inputs.blockDeviceMappings as { ebs: object }[])
        expect(ebs).toMatchObject({ encrypted: "true", kmsKeyId: foundationOutputs.keyArn });
      const specifications = inputs.tagSpecifications as { resourceType: string; tags: object }[];
      expect(specifications.map(({ resourceType }) => resourceType)).toEqual([
        "instance",
        "volume",
        "network-interface",
      ]);
      for (const { tags } of specifications) expect(tags).toMatchObject({ ...settings.tags, ...ownTags(settings) });
    }
  },

  "what is in the cluster goes down with it, and is put in by its own API": ({ resources }) => {
    for (const { type, provider, deletedWith } of resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
      expect([type, provider.split("::")[2], deletedWith.split("::")[2]]).toEqual([
        type,
        expect.stringMatching(/pulumi:providers:kubernetes$/),
        expect.stringMatching(/aws:eks\/cluster:Cluster$/),
      ]);
    }
  },

  "no two of a type have one name": ({ resources }) => {
    const names = resources.map(({ type, name }) => `${type} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  },

  "what has a name of its own in AWS carries the cluster's": ({ resources }, { name }) => {
    const named = resources.filter(({ type }) => /:(Role|LogGroup|Cluster)$/.test(type) && type.startsWith("aws:"));
    expect(named.length).toBeGreaterThan(3);
    for (const { inputs } of named) {
      expect(inputs.name).toContain(name);
      // IAM takes no more for a role.
      expect(String(inputs.name).length).toBeLessThanOrEqual(64);
    }
  },

  "each part is made of one thing that is named in the stack": ({ resources }) => {
    const orphans = resources.filter(
      ({ type, parent }) => type.startsWith("aws:") && !parent.includes("clustershift:"),
    );
    expect(orphans.map(({ name }) => name)).toEqual([]);
  },
};

describe("a cluster stack, however it is configured", () => {
  it("keeps its invariants", async () => {
    await fc.assert(
      fc.asyncProperty(configurations, async (raw) => {
        const settings = parseClusterSettings(raw);
        const made = await runWithMocks(clusterProgram(settings));
        for (const invariant of Object.values(invariants)) invariant(made, settings);
      }),
      { numRuns: 15 },
    );
  });
});

function partsOf(made: MockRun, group: string) {
  return made
    .ofType("aws:eks/nodeGroup:NodeGroup")
    .filter(({ inputs }) => (inputs.labels as Record<string, string>)["clustershift.io/group"] === group);
}

function ownTags({ name }: ClusterSettings) {
  return { "managed-by": "clustershift", "clustershift:cluster": name };
}
