import { afterAll, describe, expect, it } from "vitest";
import { builtInKinds } from "../../scripts/docs/built-in-kinds.js";
import type { KubeWriter } from "../../src/kube/api.js";
import { kindKey } from "../../src/model/objects.js";
import { open, servers, why } from "../replay/servers.js";

describe.skipIf(!servers)(`the list of built-in kinds${why}`, () => {
  let green: KubeWriter | undefined;
  afterAll(() => green?.close());

  it("is what a server of 1.35 serves by itself and stores", async () => {
    if (!servers) return;
    green = await open(servers.greenFile);
    const { resources } = await green.discover();
    const services = resources.find(({ kind, version }) => kind === "APIService" && version === "v1");
    if (!services) throw new Error("green serves no APIServices");
    // Others use this server too, and define kinds of their own.
    const builtIn = new Set(["apiregistration.k8s.io"]);
    for await (const { items } of green.pages(services)) {
      for (const { metadata, spec } of items) {
        const { group = "" } = spec as { group?: string };
        if (metadata.labels?.["kube-aggregator.kubernetes.io/automanaged"] === "onstart") builtIn.add(group);
      }
    }
    const kinds = resources.filter(({ group, verbs }) => builtIn.has(group) && verbs.includes("list")).map(kindKey);
    expect([...new Set(kinds)].sort()).toEqual([...builtInKinds].sort());
  }, 30_000);
});
