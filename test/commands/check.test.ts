import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { generateIdentity, writeIdentityFile } from "../../src/bundle/identity.js";
import { writeBundle } from "../../src/bundle/write.js";
import type { Finding } from "../../src/model/finding.js";
import type { KubeObject } from "../../src/model/objects.js";
import { emptyPlace, expectRefusal } from "../cli/place.js";
import type { Workplace } from "../harness/clustershift.js";
import { secrets } from "../kube/server.js";
import { incident } from "../manifests/folder.js";

interface Answer {
  outcome: string;
  findings: Finding[];
  objects: number;
  from: { version?: string; versionBy?: string };
  warnings: string[];
}

/** Somebody's checkout: no configuration, no cluster, no AWS. */
async function checkout(files: Record<string, string>): Promise<Workplace> {
  const place = await emptyPlace();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(place.dir, path)), { recursive: true });
    await writeFile(join(place.dir, path), content);
  }
  return place;
}
const check = (place: Workplace, ...more: string[]) =>
  place.json<Answer>("plan", "--from", "deploy", "--to", "1.35", ...more);
const brief = ({ json }: { json: Answer }) =>
  json.findings.map(({ id, severity, at }) => `${at?.file}:${at?.line} ${severity} ${id}`);

const cronJob = (version: string) => `apiVersion: batch/${version}
kind: CronJob
metadata:
  name: report
spec: {}
`;

describe("plan --from FOLDER --to", () => {
  it("shows a pull request where a removed API is named, as text and JSON, and writes nothing", async () => {
    const place = await checkout({ "deploy/a/cron.yaml": `# the report\n---\n${cronJob("v1beta1")}` });
    const { code, stdout, stderr } = await place.run(["plan", "--from", "deploy", "--to", "1.35"]);
    expect({ code, stderr }).toEqual({ code: 30, stderr: "" });
    expect(stdout).toContain(
      "deploy/a/cron.yaml:3: blocker api-removed CronJob.batch report: batch/v1beta1 CronJob is gone since 1.25: a server refuses this manifest.\n    -> Use batch/v1 ",
    );
    expect(stdout).toContain("1 object(s) of deploy checked against Kubernetes 1.35: 1 blocker(s), 0 warning(s)");
    const { code: again, json } = await check(place);
    expect({ again, outcome: json.outcome, objects: json.objects, from: json.from }).toEqual({
      again: 30,
      outcome: "findings-blocker",
      objects: 1,
      from: { path: "deploy" },
    });
    expect(json.findings[0]).toMatchObject({
      at: { file: "deploy/a/cron.yaml", line: 3 },
      object: { group: "batch", kind: "CronJob", name: "report" },
    });
    expect(await readdir(place.dir)).toEqual(["deploy"]);
  });

  it("has nothing to say of what that version serves, however many overlays there are", async () => {
    const place = await checkout({
      "deploy/a.yaml": cronJob("v1"),
      "deploy/b.yaml": cronJob("v1").replace("{}", "{suspend: true}"),
    });
    const { code, json } = await check(place, "--fail-on", "warning");
    expect({ code, findings: json.findings }).toEqual({ code: 0, findings: [] });
  });

  it("finds what kubectl applied last, and what is deprecated: warnings, which fail only where they should", async () => {
    const applied = JSON.stringify({ apiVersion: "batch/v1beta1", kind: "CronJob" });
    const place = await checkout({
      "deploy/a.yaml": cronJob("v1").replace(
        "name: report",
        `name: report\n  annotations: {kubectl.kubernetes.io/last-applied-configuration: '${applied}'}`,
      ),
    });
    const lenient = await check(place);
    expect(brief(lenient)).toEqual(["deploy/a.yaml:1 warning manifest-names-removed-api"]);
    expect([lenient.code, (await check(place, "--fail-on", "warning")).code]).toEqual([0, 30]);
    const old = await checkout({ "deploy/a.yaml": cronJob("v1beta1") });
    const deprecated = await old.json<Answer>("plan", "--from", "deploy", "--to", "1.24");
    expect([deprecated.code, brief(deprecated)]).toEqual([0, ["deploy/a.yaml:1 warning api-deprecated"]]);
  });

  it("finds removed APIs in the newest revision of a Helm release, and not in older ones", async () => {
    const place = await checkout({
      "deploy/releases.json": JSON.stringify({
        apiVersion: "v1",
        kind: "List",
        items: [
          release("web", 1, "superseded", "policy/v1beta1", "PodSecurityPolicy"),
          release("web", 2, "deployed", "extensions/v1beta1", "Ingress"),
          release("api", 9, "superseded", "extensions/v1beta1", "Ingress"),
          release("api", 10, "deployed", "networking.k8s.io/v1", "Ingress"),
        ],
      }),
    });
    const { json } = await check(place);
    expect(json.findings.filter(({ id }) => id === "helm-release-names-removed-api")).toEqual([
      expect.objectContaining({
        id: "helm-release-names-removed-api",
        severity: "warning",
        at: { file: "deploy/releases.json", line: 1 },
        why: "The Helm release shop/web has extensions/v1beta1 Ingress, which 1.35 doesn't serve.",
      }),
    ]);
  });

  it("says which Helm releases it can't read, of the revisions that count, and quotes nothing of them", async () => {
    const broken = (name: string, version: number, status: string): KubeObject => ({
      ...release(name, version, status, "v1", "Secret"),
      data: { release: Buffer.from(gzipSync("password: geheim").toString("base64")).toString("base64") },
    });
    const place = await checkout({
      "deploy/releases.json": JSON.stringify({
        apiVersion: "v1",
        kind: "List",
        items: [
          broken("web", 2, "deployed"),
          broken("api", 1, "superseded"),
          release("api", 2, "deployed", "networking.k8s.io/v1", "Ingress"),
        ],
      }),
    });
    const { json } = await check(place);
    expect(json.findings.filter(({ id }) => id.startsWith("helm-release"))).toEqual([
      expect.objectContaining({
        id: "helm-release-unreadable",
        severity: "warning",
        object: { group: "", kind: "Secret", namespace: "shop", name: "sh.helm.release.v1.web.v2" },
        at: { file: "deploy/releases.json", line: 1 },
      }),
    ]);
    expect(JSON.stringify(json)).not.toContain("geheim");
    expect(JSON.stringify(json)).not.toContain("password");
  });

  it("takes what a server gave out for what it is: the objects migrate, and what blue was is known", async () => {
    const place = await emptyPlace();
    const { code, json } = await place.json<Answer>("plan", "--from", incident, "--to", "1.35");
    expect(code).toBe(30);
    const of = (id: string) =>
      json.findings
        .filter((each) => each.id === id)
        .map(({ severity, object, at }) => `${severity} ${object?.kind} ${at?.line}`);
    expect(of("api-removed").sort()).toEqual([
      "blocker CronJob 2",
      "warning CustomResourceDefinition 3",
      "warning Deployment 3",
      "warning Ingress 3",
    ]);
    expect(json.from).toMatchObject({ version: "v1.11.7", versionBy: expect.stringContaining("kubelet") });
    expect(of("hop-kops-etcd3-calico")).toHaveLength(1);
    expect(json.warnings).toEqual(expect.arrayContaining([expect.stringContaining("kustomization.yaml:1")]));
  });

  it("reads a bundle too, with the identity that lies beside it, and says what it can't open without", async () => {
    const place = await emptyPlace();
    const owner = await generateIdentity();
    const items = [release("web", 1, "deployed", "extensions/v1beta1", "Ingress")];
    await writeBundle({
      dir: join(place.dir, "run", "deploy"),
      kinds: [{ resource: secrets, pages: pagesOf(items) }],
      source: { name: "blue", version: "v1.21.14", clusterId: "id" },
      recipients: [owner.recipient],
      now: new Date(0),
    });
    const args = ["plan", "--from", "run/deploy", "--to", "1.35"];
    const closed = await place.json<Answer>(...args);
    expect(closed.json.warnings).toEqual([expect.stringMatching(/the Secrets can't be read, nor the Helm releases/)]);
    expect(closed.json.from.version).toBe("v1.21.14");
    await writeIdentityFile(join(place.dir, "run", "age-identity.txt"), owner);
    const open = await place.json<Answer>(...args);
    expect(open.json.findings.map(({ id }) => id)).toContain("helm-release-names-removed-api");
    expect(open.json.warnings).toEqual([]);
  });

  it.each<[string, string[], string | RegExp, RegExp]>([
    ["--to alone", ["--to", "1.35"], "there is no --from", /plan --from/],
    ["a path that isn't there", ["--from", "nowhere", "--to", "1.35"], "--from nowhere can't be read", /Name a folder/],
    [
      "a file that is no archive",
      ["--from", "deploy/x.txt", "--to", "1.35"],
      "--from deploy/x.txt is no archive",
      /Name a folder/,
    ],
    ["a version that is none", ["--from", "deploy", "--to", "newest"], "--to newest is no version", /--to 1\.35/],
    [
      "a stated version that is none",
      ["--from", "deploy", "--to", "1.35", "--from-version", "old"],
      "--from-version old is no version",
      /--from-version 1/,
    ],
  ])("refuses %s", async (_, argv, what, fix) => {
    const place = await checkout({ "deploy/x.txt": "", "deploy/a.yaml": cronJob("v1") });
    await expectRefusal(place, ["plan", ...argv], { code: "usage", what, fix });
  });

  it("refuses a folder without objects, and one that is broken", async () => {
    const empty = await checkout({ "deploy/values.yaml": "a: 1\n" });
    await expectRefusal(empty, ["plan", "--from", "deploy", "--to", "1.35"], {
      code: "bundle-invalid",
      what: /no object of Kubernetes in it\..*deploy\/values\.yaml:1: has values of a Helm chart/,
      fix: "--from",
    });
    const broken = await checkout({ "deploy/a.yaml": "a: b: c\n" });
    await expectRefusal(broken, ["plan", "--from", "deploy", "--to", "1.35"], {
      code: "bundle-invalid",
      what: "deploy/a.yaml:1: ",
      fix: "Mend these files",
    });
  });
});

function release(name: string, version: number, status: string, apiVersion: string, kind: string): KubeObject {
  const manifest = `---\n# Source: ${name}\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\n`;
  const text = JSON.stringify({ name, namespace: "shop", version, info: { status }, manifest, hooks: [] });
  const inner = gzipSync(text).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: { name: `sh.helm.release.v1.${name}.v${version}`, namespace: "shop", labels: { owner: "helm", status } },
    data: { release: Buffer.from(inner).toString("base64") },
  };
}

async function* pagesOf(items: KubeObject[]) {
  yield { items };
}
