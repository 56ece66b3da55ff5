import { describe, expect, it } from "vitest";
import { decidedOver } from "../../src/commands/shared/decided.js";
import type { Project } from "../../src/commands/shared/project.js";
import { deployersOf } from "../../src/commands/shared/replay-rules.js";
import { parseConfig } from "../../src/config/parse.js";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";
import { planReplay } from "../../src/replay/replay.js";
import { rulesWith } from "../../src/replay/rules/index.js";
import { object, resource } from "../replay/objects.js";

const resources = [
  resource("v1 Namespace", { namespaced: false }),
  resource("v1 PersistentVolume", { namespaced: false }),
  ...["ConfigMap", "Secret", "Pod"].map((kind) => resource(`v1 ${kind}`)),
];
const helm = {
  labels: { "app.kubernetes.io/managed-by": "Helm" },
  annotations: { "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "shop" },
};
const blue: KubeObject[] = [
  object("v1 Namespace shop"),
  object("v1 ConfigMap kube-system/kube-proxy", { data: {} }),
  object("v1 ConfigMap shop/web", {}, helm),
  object("v1 Secret shop/pull"),
  object("v1 Pod shop/debug", { spec: { imagePullSecrets: [{ name: "pull" }] } }),
  object("v1 PersistentVolume disk", { spec: { csi: {} } }),
];

/** What is decided by the `replay` section of a clustershift.yaml. */
async function decided(replay: string) {
  const config = parseConfig(
    `apiVersion: clustershift.dev/v1\nenvironment: e\nblue: {name: b, context: b}\ngreen: {name: g, version: "1.35", stack: {kind: sandbox}}\nreplay: ${replay}\n`,
    "clustershift.yaml",
  );
  const source = {
    kinds: resources.map((it) => ({ resource: it, count: 0 })),
    async *objects({ kind }: ApiResource) {
      yield* blue.filter((it) => it.kind === kind);
    },
  };
  const rules = rulesWith({ ...config.replay, deployers: deployersOf(config) });
  const plan = await planReplay(source, { migrations: [], rules, changes: [] }, resources);
  return decidedOver(blue, plan, { config } as Project);
}
const told = async (replay: string) =>
  (await decided(replay)).configured.map(({ entry, objects, unmoved, by }) => [entry, objects, unmoved, ...by]);

describe("decidedOver", () => {
  it("counts what each entry of the configuration has to do with", async () => {
    expect(await told("{skip: [{name: no-secrets, reason: r, select: {kind: Secret}}]}")).toEqual([
      ['replay.skip "no-secrets"', 1, 0],
    ]);
    expect(
      await told(
        `{skip: [{name: mistyped, reason: r, select: {kind: Secrets}}],
          keep: [{name: proxy, reason: r, select: {namespace: kube-system}}, {name: idle, reason: r, select: {kind: Secret}},
                 {name: other-rule, reason: r, select: {namespace: kube-system}, rule: finished-job},
                 {name: disks, reason: r, select: {kind: PersistentVolume}}],
          deployers: [{deployer: helm shop/web, handling: leave}, {deployer: helm shop/wbe, handling: leave}]}`,
      ),
    ).toEqual([
      ['replay.skip "mistyped"', 0, 0],
      ['replay.keep "proxy"', 1, 0],
      ['replay.keep "idle"', 0, 0],
      ['replay.keep "other-rule"', 0, 0],
      ['replay.keep "disks"', 0, 1, "volumes-later"],
      ['replay.deployers "helm shop/wbe"', 0, 0],
    ]);
  });

  it("says who deploys what, and what will dangle", async () => {
    const { deployers, dangling, settled } = await decided(
      `{skip: [{name: no-secrets, reason: r, select: {kind: Secret}}], deployers: [{deployer: "helm *", handling: leave}]}`,
    );
    expect(deployers.map(({ id, handling, objects }) => [id, handling, objects])).toEqual([
      ["helm shop/web", "leave", 1],
      ["nobody known", "copy", 2],
    ]);
    expect(dangling).toEqual([
      expect.objectContaining({
        to: { group: "", kind: "Secret", namespace: "shop", name: "pull" },
        because: { kind: "left", by: "no-secrets" },
      }),
    ]);
    expect(settled.map(({ by }) => by).sort()).toEqual([
      "left-to-deployer",
      "network-add-on",
      "no-secrets",
      "volumes-later",
    ]);
  });
});
