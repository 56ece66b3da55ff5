import { expect, it } from "vitest";
import { removalCommands } from "../../src/sweep/removal-commands.js";

const node = (labels: Record<string, string>) => ({ apiVersion: "v1", kind: "Node", metadata: { name: "n", labels } });

it.each([
  [{ "kops.k8s.io/instancegroup": "nodes" }, "kops delete cluster --name prod --state s3://STATE-STORE --yes"],
  [{ "alpha.eksctl.io/nodegroup-name": "a" }, "eksctl delete cluster --name prod --region eu-central-1 --wait"],
  [{ "eks.amazonaws.com/nodegroup": "a" }, "aws eks delete-cluster --name prod --region eu-central-1"],
])("says by the labels %j how blue is removed", (labels, command) => {
  const found = removalCommands([node({}), node(labels)], "prod", "eu-central-1");
  expect(found.map((each) => each.command.join(" "))).toEqual([command]);
});

it("says nothing of a blue whose nodes say nothing", () => {
  expect(removalCommands([node({ "node-role.kubernetes.io/master": "" })], "prod")).toEqual([]);
});
