import { describe, expect, it } from "vitest";
import { nodeListening } from "../../../src/sandbox/edge/host-port.js";
import { node, syslogPod, viewOf } from "./objects.js";

const host = node("ip-1", "i-1");
const on = (...objects: Parameters<typeof viewOf>[0]) => [
  { cluster: "blue", view: viewOf([node("other", "i-9")]) },
  { cluster: "green", view: viewOf([host, ...objects]) },
];
const port = (extra: object) => [{ containerPort: 514, protocol: "UDP", ...extra }];

describe("nodeListening", () => {
  it("finds the node of the instance, in whichever cluster it is", () => {
    expect(nodeListening(on(syslogPod("syslog-1", "ip-1")), "i-1", 514, "UDP")).toEqual({
      cluster: "green",
      node: "ip-1",
    });
  });

  it("takes a Pod in the host's network by its own port", () => {
    const pod = syslogPod("syslog-1", "ip-1", true, port({}));
    expect(nodeListening(on(pod), "i-1", 514, "UDP")).toBeUndefined();
    const inHost = { ...pod, spec: { ...(pod.spec as object), hostNetwork: true } };
    expect(nodeListening(on(inHost), "i-1", 514, "UDP")).toBeDefined();
  });

  it.each([
    ["no Pod", [], "i-1"],
    ["an unready Pod", [syslogPod("syslog-1", "ip-1", false)], "i-1"],
    ["a Pod on another node", [syslogPod("syslog-1", "ip-2")], "i-1"],
    ["another port", [syslogPod("syslog-1", "ip-1", true, port({ hostPort: 515 }))], "i-1"],
    ["another protocol", [syslogPod("syslog-1", "ip-1", true, port({ hostPort: 514, protocol: "TCP" }))], "i-1"],
    ["an instance that is no node", [syslogPod("syslog-1", "ip-1")], "i-2"],
    ["an instance whose id only ends alike", [syslogPod("syslog-1", "ip-1")], "1"],
    [
      "a Pod that is ending",
      [{ ...syslogPod("syslog-1", "ip-1"), metadata: { name: "x", deletionTimestamp: "2026-01-01T00:00:00Z" } }],
      "i-1",
    ],
  ])("finds none for %s", (_, objects, instance) => {
    expect(nodeListening(on(...objects), instance, 514, "UDP")).toBeUndefined();
  });
});
