import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateIdentity } from "../src/bundle/identity.js";
import type { StoredManifest } from "../src/bundle/manifest.js";
import { openBundle } from "../src/bundle/read.js";
import { verifyBundle } from "../src/bundle/verify.js";
import { writeBundle } from "../src/bundle/write.js";
import type { Figure } from "./figure.js";
import { type Contender, measure, timed } from "./measure.js";
import { inNamespace, kinds, makeObjects, sourceOf } from "./objects.js";

/** Hashing is over in no time: with as few objects as a cluster takes in a round, the ceiling would be noise. */
const factor = 10;

export const verifyFigure: Figure = {
  id: "verify",
  what: "reading a bundle: verified, and as objects; hashing its bytes (the ceiling), and also parsing them",
  async run({ sizes, folder, log }) {
    const dir = join(folder, "bundle");
    const count = factor * sizes.objects;
    const { identity, recipient } = await generateIdentity();
    const source = sourceOf(inNamespace(makeObjects(count, sizes.bytes), "bench"));
    const manifest = await writeBundle({
      dir,
      kinds: kinds.map((resource) => ({ resource, pages: onePage(source.objects(resource)) })),
      source: { name: "bench", version: "v1.35.4", clusterId: "bench" },
      recipients: [recipient],
      now: new Date(),
    });
    const contenders: Contender[] = [
      { name: "read and hash the files", role: "ceiling", run: () => timed(() => hashFiles(dir, manifest, false)) },
      {
        name: "the same, and JSON.parse of each line",
        role: "peer",
        run: () => timed(() => hashFiles(dir, manifest, true)),
      },
      {
        name: "clustershift verify, decrypting",
        role: "ours",
        run: () => timed(() => verifyBundle(dir, { identity })),
      },
      { name: "clustershift read, decrypting", role: "ours", run: () => timed(() => readObjects(dir, identity)) },
    ];
    const onSample = (name: string, round: number, ms: number) =>
      log(`verify, round ${round}: ${name} took ${ms.toFixed(1)} ms`);
    return {
      id: "verify",
      size: `${count} objects of ${sizes.bytes} bytes`,
      unit: "ms",
      rows: await measure(contenders, { ...sizes, onSample }),
      notes: ["half of the objects are Secrets, which are decrypted and authenticated one by one"],
    };
  },
};

async function* onePage<T>(objects: AsyncIterable<T>): AsyncGenerator<{ items: T[] }> {
  const items: T[] = [];
  for await (const object of objects) items.push(object);
  yield { items };
}

/** What nobody who verifies can do without. @throws Error where the hash isn't the manifest's */
async function hashFiles(dir: string, { kinds }: StoredManifest, parse: boolean): Promise<void> {
  for (const { file, sha256, count } of kinds) {
    const content = await readFile(join(dir, file));
    if (createHash("sha256").update(content).digest("hex") !== sha256) throw new Error(`${file} has another hash`);
    if (!parse) continue;
    const objects = content
      .toString("utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    if (objects.length !== count) throw new Error(`${file} has ${objects.length} lines, and not ${count}`);
  }
}

async function readObjects(dir: string, identity: string): Promise<void> {
  const bundle = await openBundle(dir, { identity });
  let objects = 0;
  for (const { resource } of bundle.manifest.kinds) for await (const _ of bundle.objects(resource)) objects++;
  if (objects !== bundle.manifest.objects)
    throw new Error(`${objects} objects of ${bundle.manifest.objects} were read`);
}
