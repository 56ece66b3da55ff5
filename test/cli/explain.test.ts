import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { object } from "../replay/objects.js";
import { configuredPlace, expectRefusal, placeWithRun } from "./place.js";

describe("explain", () => {
  it("shows one object of the bundle without any cluster, in its own words", async () => {
    const { place } = await placeWithRun();
    const { code, stdout, stderr } = await place.run(["explain", "shop/configmap/a"]);
    expect(code).toBe(0);
    expect(stderr).toContain("green doesn't answer");
    expect(stdout).toMatch(/^ConfigMap shop\/a\n {2}from the bundle of run \S+, exported \S+ to Kubernetes 1\.35/);
    expect(stdout).toMatch(/\nrule +none applies: it's copied\n/);
    expect(stdout).toMatch(/\nversion +v1 on both\n {2}blue: v1; green: v1\n/);
    expect(stdout).toMatch(/\nWould be written:\napiVersion: v1\n/);
    expect(stdout).toMatch(/\nEnds as migrated\n$/);
  });

  it("says the same to programs, and nothing that a Secret holds", async () => {
    const { place } = await placeWithRun();
    const { stdout } = await place.run(["explain", "shop/Secret/db", "--output", "json"]);
    const { outcome, explanation } = JSON.parse(stdout);
    expect(outcome).toBe("ok");
    expect(explanation.object).toEqual({ group: "", kind: "Secret", namespace: "shop", name: "db" });
    expect(explanation.ways[0].written.data).toEqual({ p: "(hidden)" });
    expect(stdout).not.toContain("eA==");
  });

  it.each([
    ["a name that is none", "web", { code: "usage", what: '"web" names no object.', fix: /NAMESPACE\/KIND\/NAME/ }],
    [
      "what isn't there",
      "shop/Secret/a",
      { code: "usage", what: /There is no shop\/Secret\/a in the bundle/, fix: /shop\/ConfigMap\/a/ },
    ],
  ] as const)("refuses %s", async (_, name, expected) => {
    const { place, run } = await placeWithRun();
    // A green that doesn't answer would be warned of too.
    await rm(run.path("green.json"));
    await expectRefusal(place, ["explain", name], expected);
  });

  it("shows a transform's diff, from files of which there is no cluster any more", async () => {
    const transforms = [
      {
        name: "team",
        reason: "Policies ask for it",
        select: { namespace: "shop" },
        set: { "/metadata/labels/team": "a" },
      },
    ];
    const place = await configuredPlace("kubeconfig.yaml", { replay: { transforms } });
    await mkdir(join(place.dir, "left"));
    const web = object("extensions/v1beta1 Deployment shop/web", {
      spec: { template: { metadata: { labels: { app: "web" } } } },
    });
    await writeFile(join(place.dir, "left/web.yaml"), stringify(web));
    const { code, stdout } = await place.run([
      "explain",
      "shop/Deployment/web",
      "--from",
      "left",
      "--from-version",
      "1.15",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nmigration +deployment/);
    expect(stdout).toMatch(/\ntransform +team\n {2}Policies ask for it\n@@ [^\n]+ @@\n/);
    expect(stdout).toMatch(/\n\+ {4}team: a\n/);
  });
});

describe("a transform's module", () => {
  it("that changes after the plan makes another plan of it", async () => {
    const { place } = await placeWithRun();
    const file = join(place.dir, "clustershift.yaml");
    const config = parse(await readFile(file, "utf8"));
    await mkdir(join(place.dir, "transforms"));
    const write = (label: string) =>
      writeFile(
        join(place.dir, "transforms/label.ts"),
        `export default (object: any) => ({ ...object, metadata: { ...object.metadata, labels: { ${label}: "1" } } });`,
      );
    const transforms = [{ name: "label", reason: "r", select: { namespace: "shop" }, module: "./transforms/label.ts" }];
    await write("one");
    await writeFile(file, stringify({ ...config, replay: { transforms } }));
    const { stdout } = await place.run(["explain", "shop/ConfigMap/a", "--output", "json", "--log-level", "quiet"]);
    expect(JSON.parse(stdout).explanation.ways[0].written.metadata.labels).toEqual({ one: "1" });

    const before = await configHash(place.dir);
    await write("other");
    expect(await configHash(place.dir)).not.toBe(before);
    await expectRefusal(place, ["migrate"], {
      code: "plan-changed",
      what: /clustershift\.yaml, or a module that it names, changed since the plan was made/,
      fix: /clustershift plan/,
    });
  });
});

async function configHash(dir: string): Promise<string> {
  const { openProject } = await import("../../src/commands/shared/project.js");
  const edges = { cwd: dir } as Parameters<typeof openProject>[0]["edges"];
  const args = { config: "clustershift.yaml" } as Parameters<typeof openProject>[0]["args"];
  return (await openProject({ args, edges } as Parameters<typeof openProject>[0])).configHash;
}
