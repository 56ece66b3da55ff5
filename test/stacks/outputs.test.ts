import { describe, expect, it } from "vitest";
import { parseClusterOutputs, parseFoundationOutputs } from "../../stacks/outputs.js";
import { foundationOutputs } from "./settings-fixtures.js";

const clusterOutputs = {
  kubeconfig: "apiVersion: v1",
  context: "prod-1-35",
  version: "1.35",
  groups: [{ name: "nodes", zones: ["eu-west-1a"] }],
  addresses: { ingress: "198.51.100.1" },
};

describe("outputs", () => {
  it("are read, without what others put beside them", () => {
    expect(parseClusterOutputs({ ...clusterOutputs, endpoint: "https://x" })).toEqual(clusterOutputs);
    expect(parseFoundationOutputs(foundationOutputs)).toEqual(foundationOutputs);
  });

  it.each([
    { case: "no outputs", raw: {}, says: /kubeconfig: .*\ncontext: .*\nversion: .*\ngroups: .*\naddresses: / },
    { case: "nothing", raw: undefined, says: /outputs: / },
    { case: "an empty kubeconfig", raw: { ...clusterOutputs, kubeconfig: "" }, says: /kubeconfig: / },
    {
      case: "zones as text",
      raw: { ...clusterOutputs, groups: [{ name: "a", zones: "b" }] },
      says: /groups\.0\.zones: /,
    },
    { case: "an address that is empty", raw: { ...clusterOutputs, addresses: { a: "" } }, says: /addresses\.a: / },
  ])("are refused where there is $case", ({ raw, says }) => {
    expect(() => parseClusterOutputs(raw)).toThrow(
      expect.objectContaining({ code: "green-missing", message: expect.stringMatching(says) }),
    );
  });
});
