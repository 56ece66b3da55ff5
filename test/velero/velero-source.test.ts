import { cp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Context } from "../../src/commands/shared/command.js";
import { fewerThan, openArchive } from "../../src/commands/shared/open-archive.js";
import type { KubeObject } from "../../src/model/objects.js";
import type { Plan } from "../../src/model/plan.js";
import { collect, temporaryFolder } from "../kube/fake-server.js";

const fixture = join(dirname(fileURLToPath(import.meta.url)), "fixtures", "plain");

async function world({ record }: { record?: (text: string) => string } = {}) {
  const cwd = await temporaryFolder();
  await cp(fixture, cwd, { recursive: true });
  const file = join(cwd, "velero-backup.json");
  if (record) await writeFile(file, record(await readFile(file, "utf8")));
  const progress = { tick: () => {} };
  const edges = { cwd, signal: new AbortController().signal };
  const lines = (await readFile(join(cwd, "api.jsonl"), "utf8")).trim().split("\n");
  const system = lines
    .map((line): KubeObject => JSON.parse(line))
    .find(({ kind, metadata }) => kind === "Namespace" && metadata.name === "kube-system");
  const plan = (clusterId: unknown, kinds: object[] = []) =>
    ({ blue: { version: "v1.23.0", clusterId }, kinds }) as unknown as Plan;
  return { cwd, context: { progress, edges } as unknown as Context, plan, clusterId: system?.metadata.uid };
}

describe("a Velero backup in blue's place", () => {
  it("is of the version and the cluster that were backed up, and gives its objects in pages", async () => {
    const { context, plan, clusterId } = await world();
    const source = await openArchive("plain.tar.gz", { plan: plan(clusterId) }, context);
    expect(await source.info()).toEqual({ version: "v1.24.17", clusterId });
    const { resources } = await source.discover();
    const pages = await Promise.all(resources.map((resource) => collect(source.pages(resource))));
    expect(pages.flat().flatMap(({ items }) => items)).toHaveLength(36);
    expect(await fewerThan(plan(clusterId), source)).toEqual([]);
    expect(source.about).toEqual({
      kind: "velero",
      path: "plain.tar.gz",
      takenAt: expect.stringMatching(/^2026-.*Z$/),
      versionBy: "says velero-backup.json",
    });
    expect(source.warnings).toEqual([]);
    await source.close();
  });

  it("of another cluster than the plan's is refused", async () => {
    const { context, plan } = await world();
    const source = await openArchive("plain.tar.gz", {}, context);
    await expect(fewerThan(plan("another"), source)).rejects.toMatchObject({
      code: "bundle-invalid",
      message: expect.stringContaining("the plan's blue is another"),
    });
    await source.close();
  });

  it.each(["InProgress", "Failed", "Finalizing", "Deleting", ""])("in phase %j is refused", async (phase) => {
    const { context, plan, clusterId } = await world({ record: (text) => text.replace('"Completed"', `"${phase}"`) });
    await expect(openArchive("plain.tar.gz", { plan: plan(clusterId) }, context)).rejects.toMatchObject({
      code: "bundle-invalid",
      message: expect.stringContaining("it isn't whole"),
    });
  });

  it("that Velero made with errors, or that has less than the plan, is warned of", async () => {
    const { context, plan, clusterId } = await world({
      record: (text) => text.replace('"Completed"', '"PartiallyFailed", "errors": 3'),
    });
    const kinds = [
      { kind: "ConfigMap", count: 7 },
      { kind: "Secret", count: 2 },
      { kind: "Event", count: 5 },
    ];
    const source = await openArchive("plain.tar.gz", {}, context);
    expect(await fewerThan(plan(clusterId, kinds), source)).toEqual([
      { kind: "Secret", planned: 2, found: 1 },
      { kind: "Event", planned: 5, found: 0 },
    ]);
    expect(source.warnings).toEqual(["plain.tar.gz: Velero says PartiallyFailed, with 3 error(s)"]);
    await source.close();
  });

  it("without a word of Velero's beside it takes the plan's version, and says so", async () => {
    const { context, plan, clusterId, cwd } = await world();
    await cp(join(cwd, "plain.tar.gz"), join(cwd, "copy", "plain.tar.gz"));
    const source = await openArchive("copy/plain.tar.gz", { plan: plan(clusterId) }, context);
    expect((await source.info()).version).toBe("v1.23.0");
    expect(source.about).toMatchObject({ versionBy: "is the plan's", takenAt: null });
    expect(source.warnings).toEqual([expect.stringContaining("isn't beside the backup")]);
    await source.close();
  });

  it("needs a version that somebody says", async () => {
    const { context, cwd } = await world();
    await cp(join(cwd, "plain.tar.gz"), join(cwd, "copy", "plain.tar.gz"));
    await expect(openArchive("copy/plain.tar.gz", {}, context)).rejects.toMatchObject({ code: "usage" });
    const source = await openArchive("copy/plain.tar.gz", { fromVersion: "1.21" }, context);
    expect((await source.info()).version).toBe("1.21");
    await source.close();
  });
});
