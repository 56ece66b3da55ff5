import { basename } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { blueShape } from "../../src/commands/shared/init/blue-shape.js";
import { draftGreen } from "../../src/commands/shared/init/draft-green.js";
import type { Seen } from "../../src/commands/shared/init/look-around.js";
import { topologyOf } from "../../src/plan/topology.js";
import { nodesOf, spread } from "../../src/sandbox/cluster/nodes.js";
import { availabilityZones, groups, nodeGroups } from "../../src/sandbox/topology.js";
import { emptyPlace } from "../cli/place.js";
import { draw, drawnStacks, sandboxShape, specifications } from "./init-shapes.js";
import { asOnGreen, differences } from "./shapes/groups.js";
import { made } from "./shapes/made.js";
import { specified } from "./shapes/specified.js";

// Loading Pulumi and AWS takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** The proof's short form: under Pulumi's mocks, and with nodes as the sandbox's blue registers them. */
describe("what init draws", () => {
  it.each(specifications.map((file) => [basename(file), file]))("has the groups of %s", async (_name, file) => {
    const drawn = await draw(await emptyPlace(), ["--kops", file], await specified(file));
    expect(drawn.differences).toEqual([]);
    expect(drawn.groups).toBeGreaterThan(0);
  });

  it("has the groups of the sandbox's blue", async () => {
    const instances = groups.flatMap(({ name, count }) =>
      spread(count, availabilityZones).map((zone, index) => {
        const id = `${name}-${index}`;
        return { id, group: name, zone, privateIp: `10.0.0.${index}`, privateDnsName: id, providerId: id };
      }),
    );
    const nodes = nodesOf(nodeGroups(instances), "1.24.17", new Date(0));
    const seen: Seen = {
      topology: topologyOf(nodes),
      nodes,
      ingresses: [],
      roles: [],
      volumes: true,
      traffic: { records: [], hostedZones: [], addressGroups: ["syslog"] },
    };
    const sources = { environment: "", blueName: "blue.acme.example", context: "blue", live: true, zones: [] };
    const given = {
      name: "acme-1-35",
      version: "1.35",
      admin: "arn:aws:iam::123456789012:role/platform",
      syslogFrom: ["203.0.113.0/24"],
      ingressAddress: true,
    };
    const context = { edges: {} } as Parameters<typeof draftGreen>[3];
    const { nodeLabels, files } = await draftGreen(blueShape(sources, seen, undefined), seen, given, context);
    expect(files.map(({ name }) => name)).toEqual(["Pulumi.acme-foundation.yaml", "Pulumi.acme-1-35.yaml"]);
    const stacks = drawnStacks(files.map(({ text }) => parse(text)));
    expect(differences(asOnGreen(sandboxShape(), nodeLabels), await made(stacks, {}))).toEqual([]);
  });
});
