import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { generateIdentity } from "../src/bundle/identity.js";
import { writeBundle } from "../src/bundle/write.js";
import { loadContext } from "../src/kube/kubeconfig.js";
import { pathOf } from "../src/kube/paths.js";
import { createTransport, type Transport } from "../src/kube/transport.js";
import { type Cluster, createAll, expectObjects, inFreshNamespace } from "./cluster.js";
import type { Figure } from "./figure.js";
import { findKubectl } from "./kubectl.js";
import { type Contender, measure, timed } from "./measure.js";
import { inNamespace, kinds, makeObjects } from "./objects.js";

/** Objects a page: kubectl's, and ours. */
const pageSize = 500;

export const exportFigure: Figure = {
  id: "export",
  what: "a cluster's objects to disk: our bundle, the paged lists thrown away unread (the ceiling), kubectl get -o yaml",
  async run({ sizes, folder, cluster: open, log }) {
    const cluster = await open();
    const { recipient } = await generateIdentity();
    const kubectl = await findKubectl(cluster, folder);
    const transport = createTransport(await loadContext({ ...cluster, env: {} }), ["GET"]);
    const made = makeObjects(sizes.objects, sizes.bytes);
    try {
      const rows = await inFreshNamespace(cluster, async (namespace) => {
        await createAll(cluster, inNamespace(made, namespace));
        await expectObjects(cluster, namespace, made.length);
        const contenders: Contender[] = [
          {
            name: "paged lists, bytes thrown away",
            role: "ceiling",
            run: () => timed(() => readPages(transport, namespace, made.length)),
          },
          {
            name: "clustershift export",
            role: "ours",
            run: () => exported(cluster, join(folder, "exported"), namespace, recipient, made.length),
          },
        ];
        if ("run" in kubectl) {
          const file = join(folder, "objects.yaml");
          contenders.push({
            name: "kubectl get -o yaml",
            role: "peer",
            async run() {
              const what = kinds.map(({ resource }) => resource).join(",");
              const ms = await timed(() => kubectl.run(["get", what, "-n", namespace, "-o", "yaml"], file));
              if ((await stat(file)).size < sizes.objects * sizes.bytes) throw new Error("kubectl got too little");
              return ms;
            },
          });
        }
        const onSample = (name: string, round: number, ms: number) =>
          log(`export, round ${round}: ${name} took ${Math.round(ms)} ms`);
        return measure(contenders, { ...sizes, onSample });
      });
      return {
        id: "export",
        size: `${sizes.objects} objects of ${sizes.bytes} bytes`,
        unit: "ms",
        rows,
        notes: [
          "half of the objects are Secrets: the bundle encrypts them, kubectl writes them in clear",
          "run" in kubectl ? `kubectl ${kubectl.version}` : kubectl.missing,
        ],
      };
    } finally {
      await transport.close();
    }
  },
};

/** Every page as bytes; of the text only where the next page begins is looked for, which stands before the items. */
async function readPages(transport: Transport, namespace: string, least: number): Promise<void> {
  let bytes = 0;
  for (const resource of kinds) {
    let next: string | undefined;
    do {
      const query = { limit: pageSize, continue: next };
      const body = await transport.stream({ method: "GET", path: pathOf(resource, namespace), query });
      let head = "";
      for await (const chunk of body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (head.length < 4_096) head += chunk.toString("latin1", 0, 4_096);
      }
      next = /^.{0,200}"metadata":\{[^{}]*"continue":"([^"]+)"/s.exec(head)?.[1];
    } while (next !== undefined);
  }
  if (bytes < least * 100) throw new Error(`the lists had ${bytes} bytes only`);
}

async function exported(
  { api }: Cluster,
  dir: string,
  namespace: string,
  recipient: string,
  least: number,
): Promise<number> {
  let objects = 0;
  const ms = await timed(async () => {
    const manifest = await writeBundle({
      dir,
      kinds: kinds.map((resource) => ({ resource, pages: api.pages(resource, { namespace, pageSize }) })),
      source: { name: "bench", version: "v1.35.4", clusterId: "bench" },
      recipients: [recipient],
      now: new Date(),
    });
    objects = manifest.objects;
  });
  await rm(dir, { recursive: true });
  if (objects < least) throw new Error(`the bundle has ${objects} of ${least} objects`);
  return ms;
}
