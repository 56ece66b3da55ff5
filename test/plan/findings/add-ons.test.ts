import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/model/objects.js";
import type { Assessment } from "../../../src/plan/assessment.js";
import { addOnSettings } from "../../../src/plan/findings/add-ons.js";
import { object } from "../../replay/objects.js";

const config = (name: string, data: Record<string, string>) => object(`v1 ConfigMap kube-system/${name}`, { data });
const awsNode = (env: { name: string; value?: string }[]) =>
  object("apps/v1 DaemonSet kube-system/aws-node", {
    spec: {
      template: {
        spec: {
          containers: [
            { name: "aws-node", env },
            { name: "agent", env: [{ name: "X", value: "1" }] },
          ],
        },
      },
    },
  });
const staticProxy = (node: string, mode: string) =>
  object(`v1 Pod kube-system/kube-proxy-${node}`, {
    spec: { containers: [{ command: ["/bin/sh", "-c", `exec kube-proxy --proxy-mode=${mode} --v=2`] }] },
  });
const found = (...objects: KubeObject[]) => addOnSettings({ objects } as unknown as Assessment);

describe("addOnSettings", () => {
  it.each<[string, KubeObject, string]>([
    [
      "CoreDNS",
      config("coredns", { Corefile: ".:53 {\n log\n}" }),
      "Blue's CoreDNS has settings beyond those that it ships with: log.",
    ],
    [
      "DNS on the nodes",
      config("node-local-dns", {
        Corefile:
          "cluster.local:53 {\n bind 169.254.20.10\n forward . __PILLAR__CLUSTER__DNS__\n}\ncorp.example:53 {\n forward . 10.1.0.2\n}",
      }),
      "a block for corp.example (forward . 10.1.0.2)",
    ],
    ["kube-dns", config("kube-dns", { stubDomains: '{"corp.example": ["10.1.0.2"]}' }), 'stubDomains {"corp.example"'],
    ["kube-proxy's mode", config("kube-proxy-config", { config: 'kind: X\nmode: "ipvs"\n' }), "mode ipvs"],
    ["kube-proxy's mode by kubeadm", config("kube-proxy", { "config.conf": "mode: nftables\n" }), "mode nftables"],
    ["kube-proxy as a static pod", staticProxy("a", "ipvs"), "mode ipvs"],
    [
      "the AWS CNI's environment",
      awsNode([
        { name: "ENABLE_PREFIX_DELEGATION", value: "true" },
        { name: "WARM_IP_TARGET", value: "5" },
        { name: "AWS_VPC_ENI_MTU", value: "9001" },
        { name: "CLUSTER_NAME", value: "blue" },
        { name: "MY_NODE_NAME" },
      ]),
      "ships with: ENABLE_PREFIX_DELEGATION=true; WARM_IP_TARGET=5.",
    ],
    ["the AWS CNI's settings", config("amazon-vpc-cni", { "enable-windows-ipam": "true" }), "enable-windows-ipam=true"],
    ["Calico", config("calico-config", { calico_backend: "bird", veth_mtu: "1440" }), "ships with: veth_mtu=1440."],
    [
      "Cilium",
      config("cilium-config", { "enable-wireguard": "true", debug: "true" }),
      "ships with: enable-wireguard=true.",
    ],
  ])("names what a person set in %s", (_, it, says) => {
    expect(found(it)).toEqual([
      expect.objectContaining({
        id: "add-on-settings",
        severity: "warning",
        why: expect.stringContaining(says) as string,
      }),
    ]);
  });

  it.each<[string, KubeObject]>([
    ["a CoreDNS as shipped", config("coredns", { Corefile: ".:53 {\n errors\n forward . /etc/resolv.conf\n}" })],
    ["one of another namespace", object("v1 ConfigMap shop/coredns", { data: { Corefile: ".:53 {\n log\n}" } })],
    ["a kube-proxy that says nothing", config("kube-proxy", { "config.conf": 'mode: ""\nexcludeCIDRs: null\n' })],
    ["a kube-proxy in iptables mode", staticProxy("a", "iptables")],
    ["an AWS CNI as shipped", awsNode([{ name: "WARM_ENI_TARGET", value: "1" }])],
    ["a Calico as shipped", config("calico-config", { cni_network_config: "{}", typha_service_name: "none" })],
    ["data that is none", object("v1 ConfigMap kube-system/coredns", { data: null })],
    ["a DaemonSet without a spec", object("apps/v1 DaemonSet kube-system/aws-node")],
  ])("says nothing of %s", (_, it) => {
    expect(found(it)).toEqual([]);
  });

  it("says what every node's kube-proxy says once", () => {
    expect(found(staticProxy("a", "ipvs"), staticProxy("b", "ipvs"))).toHaveLength(1);
    expect(found(staticProxy("a", "ipvs"), staticProxy("b", "nftables"))).toHaveLength(2);
  });
});
