import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replay } from "../src/replay/replay.js";
import { standard } from "../src/replay/standard.js";
import { type Cluster, concurrency, createAll, expectObjects, inFreshNamespace } from "./cluster.js";
import type { Figure } from "./figure.js";
import { findKubectl } from "./kubectl.js";
import { type Contender, measure, timed } from "./measure.js";
import { inNamespace, type Made, makeObjects, sourceOf } from "./objects.js";

export const replayFigure: Figure = {
  id: "replay",
  what: "objects into a real control plane: our replay, bare creates (the ceiling), kubectl create and apply",
  async run({ sizes, folder, cluster: open, log }) {
    const cluster = await open();
    const made = makeObjects(sizes.objects, sizes.bytes);
    const kubectl = await findKubectl(cluster, folder);
    const contender = (name: string, role: Contender["role"], put: (namespace: string) => Promise<number>) => ({
      name,
      role,
      run: () =>
        inFreshNamespace(cluster, async (namespace) => {
          const ms = await put(namespace);
          await expectObjects(cluster, namespace, made.length);
          return ms;
        }),
    });
    const contenders: Contender[] = [
      contender(`bare creates, ${concurrency} at once`, "ceiling", (namespace) => {
        const objects = inNamespace(made, namespace);
        return timed(() => createAll(cluster, objects));
      }),
      contender("clustershift replay", "ours", (namespace) => replayed(cluster, inNamespace(made, namespace))),
    ];
    if ("run" in kubectl) {
      const file = join(folder, "objects.json");
      await writeFile(file, JSON.stringify(listOf(made)));
      for (const verb of ["create", "apply"]) {
        contenders.push(
          contender(`kubectl ${verb} -f`, "peer", (namespace) =>
            timed(() => kubectl.run([verb, "-n", namespace, "-f", file])),
          ),
        );
      }
    }
    const onSample = (name: string, round: number, ms: number) =>
      log(`replay, round ${round}: ${name} took ${Math.round(ms)} ms`);
    return {
      id: "replay",
      size: `${sizes.objects} objects of ${sizes.bytes} bytes`,
      unit: "ms",
      rows: await measure(contenders, { ...sizes, onSample }),
      notes: ["run" in kubectl ? `kubectl ${kubectl.version}` : kubectl.missing],
    };
  },
};

/** With everything that migrate does for each object: rules, migrations, order, a look at what is there, accounting. */
async function replayed({ api }: Cluster, objects: readonly Made[]): Promise<number> {
  const source = sourceOf(objects);
  let migrated = 0;
  const ms = await timed(async () => {
    const result = await replay(source, standard, { green: api, concurrency });
    migrated = result.accounting.total.migrated;
  });
  if (migrated !== objects.length) throw new Error(`replay migrated ${migrated} of ${objects.length} objects`);
  return ms;
}

function listOf(made: readonly Made[]): object {
  return { apiVersion: "v1", kind: "List", items: made.map(({ object }) => object) };
}
