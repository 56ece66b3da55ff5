import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { openBundle } from "../../src/bundle/read.js";
import type { KubeObject } from "../../src/model/objects.js";
import { kindKey, refKey } from "../../src/model/objects.js";
import type { Plan } from "../../src/model/plan.js";
import { RunFolder } from "../../src/run/run-folder.js";
import { configuredPlace, expectRefusal } from "../cli/place.js";
import type { Workplace } from "../harness/clustershift.js";
import { collect } from "../kube/fake-server.js";
import { incident } from "../manifests/folder.js";

const shop = (apiVersion: string, kind: string, name: string, rest: object = {}): KubeObject => ({
  ...{ apiVersion, kind, ...rest },
  metadata: { name, namespace: "shop", creationTimestamp: "2019-02-25T09:00:00Z" },
});
const backend = { service: { name: "web", port: { name: "http" } } };
const ingress = (name: string, host: string) =>
  shop("networking.k8s.io/v1", "Ingress", name, {
    spec: { rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] },
  });
/** What a script without rights to Secrets left a day later: less of some kinds, in another version of one, and nothing of others. */
const newer = {
  "services.yaml": [shop("v1", "Service", "api", { spec: { ports: [{ name: "http", port: 80 }] } })],
  "ingresses.yaml": [ingress("api", "api.acme.example"), ingress("web", "shop.acme.example")],
};

/** A dead blue, of which an old export is left with all of it, and a newer one with less. */
async function twoExports(files: Record<string, KubeObject[]> = newer): Promise<Workplace> {
  const place = await configuredPlace("nowhere.yaml");
  await cp(incident, join(place.dir, "old"), { recursive: true });
  await mkdir(join(place.dir, "new"));
  for (const [name, items] of Object.entries(files))
    await writeFile(join(place.dir, "new", name), stringify({ apiVersion: "v1", kind: "List", items }));
  return place;
}
const both = ["--from", "old", "--from", "new"];

it("of an object that both have the last named counts; what only one has is kept, and each is told", async () => {
  const place = await twoExports();
  const { code, json } = await place.json<{ plan: Plan }>("plan", ...both);
  expect(code).toBe(0);
  const { archive, findings, blue } = json.plan;
  expect(blue).toMatchObject({ version: "v1.11.7", clusterId: "11111111-0000-0000-0000-000000000001" });
  expect(archive).toMatchObject({
    ...{ kind: "several", path: "old + new", takenAt: "2019-02-24T10:02:11Z" },
    parts: [
      { kind: "folder", path: "old", kinds: { Secret: 1, Namespace: 2, Service: 1 } },
      { kind: "folder", path: "new", kinds: { Service: 1, "Ingress.networking.k8s.io": 2 } },
    ],
  });
  const told = (id: string) =>
    findings
      .filter((finding) => finding.id === id)
      .map(({ object, severity }) => `${severity} ${object && refKey(object)}`);
  expect(told("archives-differ")).toEqual(["note Ingress.networking.k8s.io shop/web"]);
  expect(told("archive-only-earlier")).toEqual(["warning Service shop/web"]);
  expect(findings.find(({ id }) => id === "made-from-archive")?.why).toMatch(
    /made from \d+ object\(s\) of the folder old, .*, and 3 object\(s\) of the folder new, .* From old alone: .*Secret/,
  );

  await place.succeed("export", ...both);
  const run = new RunFolder(join(place.dir, "runs"), json.plan.run);
  const bundle = await openBundle(run.bundlePath, { identityFile: run.path("age-identity.txt") });
  const objects = (
    await Promise.all(bundle.manifest.kinds.map(({ resource }) => collect(bundle.objects(resource))))
  ).flat();
  const named = (kind: string) =>
    objects.filter((each) => kindKey({ group: "", kind: each.kind }) === kind).map(({ metadata }) => metadata.name);
  expect(named("Service").sort()).toEqual(["api", "web"]);
  expect(named("Secret")).toEqual(["shop-tls"]);
  // Both in the version that the newer one has; the older one's are migrated to it.
  expect(named("Ingress").sort()).toEqual(["api", "web"]);
  expect(new Set(objects.flatMap(({ kind, apiVersion }) => (kind === "Ingress" ? [apiVersion] : [])))).toEqual(
    new Set(["networking.k8s.io/v1"]),
  );
  for (const [object, from] of [
    ["shop/Service/api", "new"],
    ["shop/Secret/shop-tls", "old"],
  ])
    expect(await place.json("explain", ...both, object ?? "")).toMatchObject({ json: { sources: { blue: from } } });
});

it("a bundle and a folder go together as well, and neither has to say alone of which version it is", async () => {
  const place = await twoExports();
  const { json } = await place.json<{ plan: Plan }>("plan", "--from", "old");
  await place.succeed("export", "--from", "old");
  const run = join(place.dir, "runs", json.plan.run);
  await cp(run, join(place.dir, "rescued"), { recursive: true });
  // By itself it is refused: nothing in it says a version.
  expect(await place.json("plan", "--from", "new")).toMatchObject({ code: 2 });
  const again = await place.json<{ plan: Plan }>("plan", "--from", "new", "--from", "rescued/bundle");
  expect(again).toMatchObject({
    code: 0,
    json: { plan: { archive: { versionBy: "says bundle.json", parts: [{ kind: "folder" }, { kind: "bundle" }] } } },
  });
  // The other way round the old one's counts.
  expect(again.json.plan.archive?.parts?.map(({ kinds }) => kinds["Ingress.networking.k8s.io"])).toEqual([1, 1]);
  await place.succeed("export", "--from", "new", "--from", "rescued/bundle");
});

it("refuses archives of two clusters, and a check of several at once", async () => {
  const place = await twoExports();
  const namespaces = await readFile(join(place.dir, "old/objects/namespaces.yaml"), "utf8");
  await writeFile(join(place.dir, "new/namespaces.yaml"), namespaces.replaceAll("11111111", "99999999"));
  await expectRefusal(place, ["plan", ...both], {
    code: "bundle-invalid",
    what: "old is of cluster 11111111-0000-0000-0000-000000000001, and new of cluster 99999999-",
    fix: "archives of one blue",
  });
  await expectRefusal(place, ["plan", ...both, "--to", "1.35"], {
    code: "usage",
    what: "--to assesses one archive",
    fix: "clustershift plan --from old --to 1.35",
  });
});
