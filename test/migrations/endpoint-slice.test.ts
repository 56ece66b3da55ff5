import { describe, expect, it } from "vitest";
import { endpointSlice } from "../../migrations/endpoint-slice.js";
import { migrateOne, objectFor, remarkIds } from "./apply.js";

const host = "kubernetes.io/hostname";
const zone = "topology.kubernetes.io/zone";
const region = "topology.kubernetes.io/region";

const table: { name: string; endpoint: Record<string, unknown>; becomes: Record<string, unknown>; remark?: true }[] = [
  { name: "without topology", endpoint: { nodeName: "n1" }, becomes: { nodeName: "n1" } },
  { name: "an empty topology goes", endpoint: { topology: {} }, becomes: {} },
  { name: "the zone gets its field", endpoint: { topology: { [zone]: "a" } }, becomes: { zone: "a" } },
  {
    name: "a host name that repeats nodeName goes",
    endpoint: { nodeName: "n1", topology: { [host]: "n1" } },
    becomes: { nodeName: "n1" },
  },
  { name: "a host name alone names the node", endpoint: { topology: { [host]: "n1" } }, becomes: { nodeName: "n1" } },
  {
    name: "a host name that differs from nodeName is left over",
    endpoint: { nodeName: "n1", topology: { [host]: "n2" } },
    becomes: { nodeName: "n1", deprecatedTopology: { [host]: "n2" } },
    remark: true,
  },
  {
    name: "a host name that no node can have is left over",
    endpoint: { topology: { [host]: "Not_A_Node" } },
    becomes: { deprecatedTopology: { [host]: "Not_A_Node" } },
    remark: true,
  },
  {
    name: "the fullest",
    endpoint: {
      addresses: ["10.0.0.1"],
      conditions: { ready: true },
      hostname: "web-0",
      targetRef: { kind: "Pod", name: "web-0" },
      topology: { [host]: "n1", [zone]: "a", [region]: "eu" },
    },
    becomes: {
      addresses: ["10.0.0.1"],
      conditions: { ready: true },
      hostname: "web-0",
      targetRef: { kind: "Pod", name: "web-0" },
      nodeName: "n1",
      zone: "a",
      deprecatedTopology: { [region]: "eu" },
    },
    remark: true,
  },
];

describe("endpoint-slice", () => {
  it.each(table)("$name", ({ endpoint, becomes, remark }) => {
    const rest = { addressType: "IPv4", ports: [{ name: "http", port: 80 }] };
    const object = objectFor(endpointSlice, { ...rest, endpoints: [endpoint] });
    expect(migrateOne(endpointSlice, object)).toEqual({
      ...object,
      apiVersion: "discovery.k8s.io/v1",
      endpoints: [becomes],
    });
    expect(remarkIds(endpointSlice, object)).toEqual(remark ? ["endpoint-slice-topology-ignored"] : []);
  });

  it("takes a slice without endpoints", () => {
    const object = objectFor(endpointSlice, { addressType: "FQDN", endpoints: null });
    expect(migrateOne(endpointSlice, object).endpoints).toBeNull();
  });
});
