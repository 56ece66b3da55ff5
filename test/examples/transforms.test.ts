import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import spread from "../../examples/transforms/transforms/spread.js";
import { loadConfig } from "../../src/config/load.js";
import { changesOf } from "../../src/replay/changes/index.js";
import { loadTransforms } from "../../src/replay/changes/transforms/index.js";
import { object } from "../replay/objects.js";

const file = fileURLToPath(new URL("../../examples/transforms/clustershift.yaml", import.meta.url));
const context = { listed: () => [], serves: () => true };
const changed = async (of: ReturnType<typeof object>) => {
  const { config, dir } = await loadConfig(file);
  return changesOf(of, await loadTransforms(dir, config.replay.transforms), context);
};
const web = object("apps/v1 Deployment shop/web", {
  spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: { spec: {} } },
});

describe("the example of transforms", () => {
  it("does what its reasons say", async () => {
    const made = await changed(web);
    expect(made.map(({ change }) => change.id)).toEqual(["team-labels", "shop-to-store", "spread"]);
    const after = made.at(-1)?.after;
    expect(after?.metadata).toEqual({ name: "web", namespace: "store", labels: { "acme.example/team": "shop" } });
    expect(after?.spec).toMatchObject({
      template: { spec: { topologySpreadConstraints: [{ topologyKey: "topology.kubernetes.io/zone" }] } },
    });

    const ports = [{ port: 80 }, { name: "debug", port: 9229 }];
    const service = await changed(object("v1 Service shop/web", { spec: { ports } }));
    expect(service.at(-1)?.after.spec).toEqual({ ports: [{ port: 80 }] });
    const other = await changed(
      object("v1 Service shop/web", { spec: { ports: [{ port: 80 }, { name: "admin", port: 81 }] } }),
    );
    expect(other.at(-1)?.ends?.reason).toContain("/spec/ports/1/name");
  });

  it("has a function that its team can test by itself", () => {
    const one = object("apps/v1 Deployment shop/one", { spec: { replicas: 1, template: { spec: {} } } });
    expect(spread(one, { name: "spread", ...context })).toBeUndefined();
    expect(spread(web, { name: "spread", ...context })).not.toEqual(web);
    expect(web.spec).not.toHaveProperty("template.spec.topologySpreadConstraints");
  });
});
