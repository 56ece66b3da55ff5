import { describe, expect, it } from "vitest";
import { differences } from "../../../bench/velero/compare.js";
import type { KubeObject } from "../../../src/model/objects.js";

const service = (spec: object, metadata: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop", ...metadata },
  spec,
});
const fields = (manager: string, fieldsV1: object) => ({ managedFields: [{ manager, operation: "Update", fieldsV1 }] });
const live = new Set(["u1"]);
const owner = (uid: string) => ({
  ownerReferences: [{ apiVersion: "a/v1", kind: "App", name: "shop", uid, controller: true }],
});

describe("differences", () => {
  it.each([
    {
      why: "what each server writes itself is none",
      blue: service(
        { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"] },
        { uid: "a", resourceVersion: "1", generation: 2 },
      ),
      green: {
        ...service({ clusterIP: "10.0.9.9" }, { uid: "b", resourceVersion: "7" }),
        status: { loadBalancer: {} },
      },
      paths: [],
    },
    {
      why: "a headless Service that got an address is one",
      blue: service({ clusterIP: "None" }),
      green: service({ clusterIP: "10.0.9.9" }),
      paths: ["spec.clusterIP"],
    },
    {
      why: "another port of nodes is one",
      blue: service({ ports: [{ port: 80, nodePort: 30080 }] }),
      green: service({ ports: [{ port: 80, nodePort: 31999 }] }),
      paths: ["spec.ports[].nodePort"],
    },
    {
      why: "a list of another length is one",
      blue: service({ ports: [{ port: 80 }, { port: 443 }] }),
      green: service({ ports: [{ port: 80 }] }),
      paths: ["spec.ports"],
    },
    {
      why: "labels that came are each one",
      blue: service({}),
      green: service({}, { labels: { "velero.io/restore-name": "r", tier: "web" } }),
      paths: ["metadata.labels.tier", "metadata.labels[velero.io/restore-name]"],
    },
    {
      why: "what only a component of blue's wrote is none",
      blue: service(
        {},
        {
          annotations: { revision: "3" },
          ...fields("kube-controller-manager", { "f:metadata": { "f:annotations": { "f:revision": {} } } }),
        },
      ),
      green: service({}, { annotations: { revision: "1" } }),
      paths: [],
    },
    {
      why: "what somebody else wrote is one",
      blue: service(
        {},
        {
          annotations: { revision: "3" },
          ...fields("kubectl", { "f:metadata": { "f:annotations": { "f:revision": {} } } }),
        },
      ),
      green: service({}, { annotations: { revision: "1" } }),
      paths: ["metadata.annotations.revision"],
    },
    {
      why: "an owner that lives on green is kept",
      blue: service({}, owner("blue")),
      green: service({}, owner("u1")),
      paths: [],
    },
    {
      why: "an owner of blue's isn't",
      blue: service({}, owner("blue")),
      green: service({}, owner("blue")),
      paths: ["metadata.ownerReferences"],
    },
  ])("$why", ({ blue, green, paths }) => {
    expect(differences(blue, green, { live })).toEqual(paths);
  });

  it("takes for green's default what a bare create got, and nothing else", () => {
    const blue = service({ type: "NodePort" });
    const green = service({ type: "NodePort", internalTrafficPolicy: "Cluster", suspend: true });
    const control = service({ type: "NodePort", internalTrafficPolicy: "Cluster" });
    expect(differences(blue, green, { control, live })).toEqual(["spec.suspend"]);
    expect(differences(blue, green, { live })).toEqual(["spec.internalTrafficPolicy", "spec.suspend"]);
    // A field that green doesn't keep of anybody.
    expect(differences(service({ gone: 1 }), service({}), { control: service({}), live })).toEqual([]);
    expect(differences(service({ gone: 1 }), service({}), { control: service({ gone: 1 }), live })).toEqual([
      "spec.gone",
    ]);
  });
});
