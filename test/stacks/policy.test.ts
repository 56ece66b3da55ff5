import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { violations } from "../../src/provision/policy/index.js";
import { clusterProgram, foundationProgram } from "../../stacks/program.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { parseFoundationSettings } from "../../stacks/settings/foundation-settings.js";
import { configurations } from "./configurations.js";
import { type MockRun, runWithMocks } from "./mocks.js";
import { rawFoundation } from "./settings-fixtures.js";

// Loading Pulumi and AWS takes seconds on a busy machine, and each configuration is run whole.
vi.setConfig({ testTimeout: 300_000 });

/** As the engine would tell of what a program asks for. */
function foreseen({ resources }: MockRun) {
  return resources.map(({ type, name, inputs, parent }) => ({
    urn: `urn:pulumi:prod::clustershift::${parent.split("::")[2] ?? ""}$${type}::${name}`,
    type,
    name,
    kind: "create" as const,
    because: [],
    isProtected: false,
    after: inputs,
  }));
}
const refused = (made: MockRun) =>
  violations(foreseen(made), { off: [], rules: [] }).map(
    ({ rule, resource, property }) => `${rule} ${resource} ${property}`,
  );

describe("what the stacks make, before the built-in policy", () => {
  it("passes, as a cluster, however it is configured, but where logs are switched off", async () => {
    await fc.assert(
      fc.asyncProperty(configurations, async (raw) => {
        const settings = parseClusterSettings(raw);
        const kept: string[] = settings.logs.types;
        const asked = ["api", "audit", "authenticator"].every((log) => kept.includes(log)) ? [] : ["logs-off"];
        const rules = refused(await runWithMocks(clusterProgram(settings))).map((each) => each.split(" ")[0]);
        expect(rules).toEqual(asked);
      }),
      { numRuns: 10 },
    );
  });

  it("passes, as a foundation", async () => {
    expect(refused(await runWithMocks(foundationProgram(parseFoundationSettings(rawFoundation()))))).toEqual([]);
  });
});
