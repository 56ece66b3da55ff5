import { expect, it } from "vitest";
import { refusedByKubelet } from "../../src/model/kubelet-labels.js";

it.each([
  ["tier", false],
  ["kops.k8s.io/instancegroup", true],
  ["node-role.kubernetes.io/worker", true],
  ["node.kubernetes.io/purpose", false],
  ["kubelet.kubernetes.io/a", false],
  ["notkubernetes.io/a", false],
])("%j is refused by a kubelet: %s", (key, is) => {
  expect(refusedByKubelet(key)).toBe(is);
});
