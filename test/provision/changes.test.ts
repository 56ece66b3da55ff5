import { describe, expect, it } from "vitest";
import { describeCounts, describeLoss, isIdle, losses } from "../../src/provision/changes.js";
import { change, cluster, nodeGroup } from "./samples.js";

const same = change(cluster, {}, { kind: "same" });
const made = change(nodeGroup, {}, { name: "nodes" });
const replaced = change(
  cluster,
  { kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16" } },
  {
    kind: "replace",
    name: "prod",
    because: ["kubernetesNetworkConfig.serviceIpv4Cidr"],
    before: { kubernetesNetworkConfig: { serviceIpv4Cidr: "10.100.0.0/16" } },
  },
);
const removed = change(nodeGroup, undefined, { kind: "delete", name: "spot", before: {}, isProtected: true });

describe("what a preview foresees", () => {
  it("counts by what becomes of each, and leaves out what there is none of", () => {
    expect(describeCounts([same, made, made, removed])).toBe("create 2, delete 1, same 1");
    expect(describeCounts([])).toBe("nothing");
  });

  it("is idle only where nothing changes", () => {
    expect(isIdle([same])).toBe(true);
    expect(isIdle([same, made])).toBe(false);
  });

  it("names what is lost, by the property that causes it, with its values", () => {
    expect(losses([same, made, replaced, removed])).toEqual([replaced, removed]);
    expect(describeLoss(replaced)).toBe(
      "replace prod (aws:eks/cluster:Cluster): kubernetesNetworkConfig.serviceIpv4Cidr 10.100.0.0/16 -> 172.20.0.0/16",
    );
    expect(describeLoss(removed)).toBe(
      "delete  spot (aws:eks/nodeGroup:NodeGroup): it isn't in the stack any more; it is protected",
    );
    expect(describeLoss({ ...replaced, because: [] })).toMatch(/its provider asks for it$/);
  });
});
