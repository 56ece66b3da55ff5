import { stringify } from "yaml";

/** A cluster's specification with the least that kops writes, changed. */
export function clusterDocument(change: object = {}, name = "blue.acme.example"): object {
  return {
    apiVersion: "kops/v1alpha2",
    kind: "Cluster",
    metadata: { name },
    spec: {
      kubernetesVersion: "1.10.13",
      networkCIDR: "172.20.0.0/16",
      subnets: ["a", "b"].map((letter) => ({
        name: `eu-west-1${letter}`,
        zone: `eu-west-1${letter}`,
        type: "Public",
      })),
      topology: { masters: "public", nodes: "public" },
      ...change,
    },
  };
}

export function groupDocument(change: object = {}, name = "nodes"): object {
  return {
    apiVersion: "kops/v1alpha2",
    kind: "InstanceGroup",
    metadata: { name, labels: { "kops.k8s.io/cluster": "blue.acme.example" } },
    spec: { role: "Node", machineType: "m5.large", minSize: 2, maxSize: 4, subnets: ["eu-west-1a"], ...change },
  };
}

export function documents(...all: object[]): string {
  return all.map((each) => stringify(each)).join("---\n");
}
