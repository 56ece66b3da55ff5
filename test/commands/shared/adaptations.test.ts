import { describe, expect, it } from "vitest";
import { configuredAdaptations } from "../../../src/commands/shared/adaptations.js";
import { parseConfig } from "../../../src/config/parse.js";
import { changesOf } from "../../../src/replay/changes/index.js";
import { contextOf } from "../../replay/changes/adaptations/adapt.js";
import { object } from "../../replay/objects.js";

const config = (stack: string, adaptations = "{}") =>
  parseConfig(
    `apiVersion: clustershift.dev/v1
environment: acme
blue: { name: blue.acme.example, context: blue }
green: { name: green, version: "1.24", stack: ${stack} }
replay: { adaptations: ${adaptations} }
`,
    "clustershift.yaml",
  );
const eks =
  "{ kind: eks, settings: { groups: [{ name: workers, labels: { disk: ssd } }, { name: syslog, labels: { disk: hdd } }] } }";
const pod = (nodeSelector: object) => object("v1 Pod shop/p", { spec: { nodeSelector, containers: [] } });
const ids = (...[of, it]: [Parameters<typeof configuredAdaptations>[0], ReturnType<typeof object>]) =>
  changesOf(it, configuredAdaptations(of), contextOf([])).flatMap(({ remarks }) => remarks.map(({ id }) => id));

describe("configuredAdaptations", () => {
  it("knows the labels of an EKS green's groups, and nothing of the sandbox's", () => {
    expect(ids(config(eks), pod({ disk: "nvme" }))).toEqual(["node-label-missing"]);
    for (const fine of [
      { disk: "hdd" },
      { "clustershift.io/group": "workers" },
      { "eks.amazonaws.com/nodegroup": "x" },
    ]) {
      expect(ids(config(eks), pod(fine))).toEqual([]);
    }
    expect(ids(config("{ kind: sandbox }"), pod({ disk: "nvme" }))).toEqual([]);
  });

  it("goes by green's version, blue's name and what is turned off", () => {
    const zoned = object("batch/v1 CronJob shop/c", { spec: { schedule: "TZ=UTC 0 3 * * *" } });
    expect(changesOf(zoned, configuredAdaptations(config("{ kind: sandbox }")), contextOf([]))).toEqual([]);
    const names = object("v1 ConfigMap shop/c", { data: { a: "api.blue.acme.example" } });
    expect(ids(config("{ kind: sandbox }"), names)).toEqual(["blue-address"]);
    expect(ids(config("{ kind: sandbox }", "{ off: [blue-addresses] }"), names)).toEqual([]);
  });
});
