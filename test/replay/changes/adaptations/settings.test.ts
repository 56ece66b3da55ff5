import { describe, expect, it } from "vitest";
import { adaptationNames } from "../../../../src/model/adaptation-names.js";
import { allAdaptations, noSettings } from "../../../../src/replay/changes/adaptations/index.js";
import { adaptations } from "../../../../src/replay/changes/index.js";
import { adapt } from "./adapt.js";
import { deployment } from "./samples.js";

describe("the list of adaptations", () => {
  it("has the names that a configuration may turn off, in one order", () => {
    expect(allAdaptations(noSettings).map(({ id }) => id)).toEqual(adaptationNames);
    expect(adaptations.map(({ id }) => id)).toEqual(adaptationNames);
    expect(new Set(adaptationNames).size).toBe(adaptationNames.length);
  });

  it("leaves out what is turned off, and nothing else", () => {
    const pod = deployment({ nodeSelector: { "beta.kubernetes.io/os": "linux" }, nodeName: "node-1" });
    expect(adapt(pod).by).toEqual(["node-labels", "node-pins"]);
    expect(adapt(pod, { off: ["node-labels"] }).by).toEqual(["node-pins"]);
    expect(adapt(pod, { off: adaptationNames })).toEqual({ object: pod, remarks: [], by: [] });
  });
});
