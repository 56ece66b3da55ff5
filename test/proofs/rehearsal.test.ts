import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeWriter } from "../../src/kube/api.js";
import { type KubeObject, kindKey, refOf } from "../../src/model/objects.js";
import { only, open, servers, why } from "../replay/servers.js";
import { plants } from "./rehearsal/plants.js";
import { compareRehearsal } from "./rehearsal.js";

/** The proof's short form: the plants alone, and one server that is rehearsed into and then replayed into. */
describe.skipIf(!servers)(`a rehearsal of planted refusals${why}`, () => {
  let blue: KubeWriter;
  let green: KubeWriter;
  beforeAll(async () => {
    [blue, green] = await Promise.all([open(servers?.blueFile ?? ""), open(servers?.greenFile ?? "")]);
  });
  afterAll(async () => {
    for (const server of [blue, green]) {
      await removePlants(server);
      await server.close();
    }
  });

  it("finds each of them, in the server's words, and nothing else", async () => {
    const found = await compareRehearsal(blue, green, green, undefined, (from, to) => only("refusals", from, to));
    expect(found).toMatchObject({ missed: [], invented: [], otherwise: [] });
    expect(found.planted).toBeGreaterThanOrEqual(30);
    expect(found.objects).toBeGreaterThan(found.planted);
  });
});

/** What is cluster-wide: what lives in a namespace goes with it, and custom resources with their definition. */
async function removePlants(server: KubeWriter): Promise<void> {
  const { resources } = await server.discover();
  const clusterWide = [...plants().before, ...plants().gone].filter(({ metadata }) => metadata.namespace === undefined);
  const wide = new Map(
    clusterWide.map((object): [string, KubeObject] => [`${object.kind} ${object.metadata.name}`, object]),
  );
  for (const object of wide.values()) {
    const resource = resources.find((it) => kindKey(it) === kindKey(refOf(object)));
    if (resource) await server.delete(resource, object.metadata.name).catch(() => undefined);
  }
}
