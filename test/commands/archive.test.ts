import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openBundle } from "../../src/bundle/read.js";
import { type ApiResource, apiVersionOf, kindKey } from "../../src/model/objects.js";
import type { Plan } from "../../src/model/plan.js";
import { RunFolder } from "../../src/run/run-folder.js";
import { configuredPlace, expectRefusal } from "../cli/place.js";
import type { Workplace } from "../harness/clustershift.js";
import { collect } from "../kube/fake-server.js";
import { incident } from "../manifests/folder.js";

interface Planned {
  plan: Plan;
  markdown: string;
}

/** A project whose blue is dead: no kubeconfig leads anywhere. What is left of blue lies in `export`. */
async function deadBlue(): Promise<Workplace> {
  const place = await configuredPlace("nowhere.yaml");
  await cp(incident, join(place.dir, "export"), { recursive: true });
  return place;
}
const runOf = (place: Workplace, { plan }: Planned) => new RunFolder(join(place.dir, "runs"), plan.run);

describe("a dead blue, of which a folder is left", () => {
  it("is planned and exported from the folder; the plan says what it was made from, and what it couldn't see", async () => {
    const place = await deadBlue();
    const { json, stderr } = await place.json<Planned>("plan", "--from", "export");
    const { plan } = json;
    expect(plan.blue).toMatchObject({ version: "v1.11.7", clusterId: "11111111-0000-0000-0000-000000000001" });
    expect(plan.blue.topology.groups.map(({ name }) => name)).toEqual(["nodes"]);
    expect(plan.archive).toEqual({
      kind: "folder",
      path: "export",
      takenAt: "2019-02-24T10:02:11Z",
      versionBy: "says the kubelet of Node ip-172-20-40-9.eu-central-1.compute.internal",
    });
    const made = plan.findings.find(({ id }) => id === "made-from-archive");
    expect(made).toMatchObject({
      severity: "warning",
      why: expect.stringMatching(
        /the folder export, whose newest trace of a server is of 2019-02-24T10:02:11Z\..*nothing of .*ConfigMap.*PersistentVolume/,
      ),
    });
    expect(await readFile(json.markdown, "utf8")).toContain("made-from-archive");
    const written = plan.kinds.map(({ kind, count, readAs, writeAs }) => `${count} ${kind} ${readAs} -> ${writeAs}`);
    expect(written).toEqual(
      expect.arrayContaining([
        "1 CronJob.batch batch/v1beta1 -> batch/v1",
        "1 Deployment.apps apps/v1 -> apps/v1",
        "1 Ingress.extensions extensions/v1beta1 -> networking.k8s.io/v1",
        "1 Mouse.acme.example acme.example/v1 -> acme.example/v1",
      ]),
    );
    expect(stderr).toContain("warning: export: left out: export/kustomization.yaml:1");
    expect(stderr).toContain("1 Secret(s) lie in plain text");

    const exported = await place.json<{ objects: number; from: { fewer: unknown[] } }>("export", "--from", "export");
    expect(exported.json).toMatchObject({ outcome: "ok", objects: 11, from: { kind: "folder", fewer: [] } });
    const run = runOf(place, json);
    const bundle = await openBundle(run.bundlePath, { identityFile: run.path("age-identity.txt") });
    expect(bundle.manifest.source).toMatchObject({ version: "v1.11.7", clusterId: plan.blue.clusterId });
    const objects = (
      await Promise.all(bundle.manifest.kinds.map(({ resource }) => collect(bundle.objects(resource))))
    ).flat();
    expect(objects.find(({ kind }) => kind === "Mouse")?.spec).toEqual({ serial: 9007199254740993n, awake: "yes" });
    const secret = bundle.manifest.kinds.find(({ resource }) => kindKey(resource) === "Secret");
    expect(secret?.encrypted).toBe(true);
    expect(await readFile(run.path(`bundle/${secret?.file}`), "utf8")).not.toContain("cHJpdmF0ZSBrZXk=");
  });

  it("comes from a bundle as well, of which no word is changed", async () => {
    const place = await deadBlue();
    const { json } = await place.json<Planned>("plan", "--from", "export");
    await place.succeed("export", "--from", "export");
    const first = runOf(place, json);
    await cp(first.dir, join(place.dir, "rescued"), { recursive: true });
    const again = await place.json<Planned>("plan", "--from", "rescued/bundle", "--run", first.id);
    expect(again.json.plan.archive).toMatchObject({ kind: "bundle", versionBy: "says bundle.json" });
    expect(again.json.plan.blue.version).toBe("v1.11.7");
    await place.succeed("export", "--from", "rescued/bundle", "--run", first.id);
    const bundles = await Promise.all(
      [
        [join(place.dir, "rescued", "bundle"), join(place.dir, "rescued")],
        [first.bundlePath, first.dir],
      ].map(([dir = "", run = ""]) => openBundle(dir, { identityFile: join(run, "age-identity.txt") })),
    );
    const contents = bundles.map(async ({ manifest, objects }) => {
      const of = async ({ group, version, kind }: ApiResource) => [
        `${apiVersionOf(group, version)} ${kind}`,
        await collect(objects({ group, kind })),
      ];
      return Promise.all(manifest.kinds.map(({ resource }) => of(resource)));
    });
    const [rescued, copied] = await Promise.all(contents);
    expect(copied).toEqual(rescued);
    expect(copied).toHaveLength(10);
  });

  it("is refused an archive of another cluster than the plan's, and told of one that has less", async () => {
    const place = await deadBlue();
    await place.json<Planned>("plan", "--from", "export");
    await cp(join(place.dir, "export", "objects", "secrets.yaml"), join(place.dir, "less.yaml"));
    const less = await place.run(["export", "--from", "less.yaml", "--dry-run"]);
    expect(less).toMatchObject({ code: 0, stderr: expect.stringContaining("Service 0 of 1") });
    const other = (await readFile(join(place.dir, "export/objects/namespaces.yaml"), "utf8")).replaceAll(
      "11111111",
      "99999999",
    );
    await cp(join(place.dir, "export"), join(place.dir, "other"), { recursive: true });
    await writeFile(join(place.dir, "other/objects/namespaces.yaml"), other);
    await expectRefusal(place, ["export", "--from", "other"], {
      code: "bundle-invalid",
      what: "other: is of cluster 99999999-0000-0000-0000-000000000001; the plan's blue is 11111111-",
      fix: "clustershift plan --from other",
    });
  });

  it("needs a version that somebody states, where nothing in the folder says it", async () => {
    const place = await deadBlue();
    await expectRefusal(place, ["plan", "--from", "export/objects/services.json"], {
      code: "usage",
      what: "nothing in it says of which version",
      fix: "--from-version 1.21",
    });
    const { json } = await place.json<Planned>(
      "plan",
      "--from",
      "export/objects/services.json",
      "--from-version",
      "1.21",
    );
    expect(json.plan.blue).toMatchObject({ version: "1.21", clusterId: "unknown" });
    expect(json.plan.findings.find(({ id }) => id === "namespace-missing")).toMatchObject({
      severity: "warning",
      why: expect.stringContaining("the namespace shop, which the archive doesn't have"),
    });
  });

  it("is exported for a plan alone", async () => {
    const place = await deadBlue();
    await expectRefusal(place, ["export", "--from", "export"], {
      code: "no-plan",
      what: "There is no run",
      fix: "plan",
    });
  });
});
