import { describe, expect, it } from "vitest";
import { nameOf, readState } from "../../stacks/engine/state.js";

const urn = "urn:pulumi:prod::clustershift::clustershift:foundation:Addresses$aws:ec2/eip:Eip::prod-ingress";

describe("readState", () => {
  it.each([
    { version: 3, deployment: {} },
    { version: 3, deployment: null },
  ])("is empty for %o", (exported) => {
    expect(readState(exported)).toEqual({ resources: [], pending: [] });
  });

  it("has resources, and what was under way", () => {
    const inputs = { domain: "vpc" };
    const type = "aws:ec2/eip:Eip";
    const exported = {
      version: 3,
      deployment: {
        resources: [{ urn, type, custom: true, id: "eipalloc-1", protect: true, inputs, outputs: {} }],
        pending_operations: [{ type: "creating", resource: { urn, type, custom: true, inputs } }],
      },
    };
    expect(readState(exported)).toEqual({
      resources: [{ urn, type, custom: true, id: "eipalloc-1", protect: true, inputs, outputs: {} }],
      pending: [
        { type: "creating", resource: { urn, type, custom: true, id: "", protect: false, inputs, outputs: {} } },
      ],
    });
  });
});

describe("nameOf", () => {
  it("is what the program said", () => {
    expect(nameOf(urn)).toBe("prod-ingress");
  });
});
