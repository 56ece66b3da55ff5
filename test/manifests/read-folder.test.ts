import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Manifests, type ReadFolderOptions, readFolder } from "../../src/manifests/read-folder.js";
import { refKey, refOf } from "../../src/model/objects.js";
import { folderOf, incident } from "./folder.js";

const read = async (files: Record<string, string | Uint8Array>, options: ReadFolderOptions = {}): Promise<Manifests> =>
  readFolder(await folderOf(files), { shown: "f", ...options });
const names = ({ objects }: Manifests) =>
  objects.map(({ object, place }) => `${place.file}:${place.line} ${object.apiVersion} ${refKey(refOf(object))}`);
const refusal = (what: RegExp) => ({ code: "bundle-invalid", message: expect.stringMatching(what) });

const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

describe("the incident's folder", () => {
  it("gives every object with its file and line, and names everything else", async () => {
    const found = await readFolder(incident, { shown: "export" });
    expect(names(found)).toEqual([
      "export/cron.yml:2 batch/v1beta1 CronJob.batch shop/report",
      "export/cron.yml:18 v1 ServiceAccount report",
      "export/objects/crds.yaml:3 apiextensions.k8s.io/v1beta1 CustomResourceDefinition.apiextensions.k8s.io mice.acme.example",
      "export/objects/deployments.apps.yaml:3 apps/v1 Deployment.apps shop/web",
      "export/objects/deployments.extensions.yaml:3 extensions/v1beta1 Deployment.extensions shop/web",
      "export/objects/ingresses.yaml:3 extensions/v1beta1 Ingress.extensions shop/web",
      "export/objects/mice.yaml:3 acme.example/v1 Mouse.acme.example shop/white",
      "export/objects/namespaces.yaml:3 v1 Namespace kube-system",
      "export/objects/namespaces.yaml:16 v1 Namespace shop",
      "export/objects/nodes.yaml:3 v1 Node ip-172-20-40-9.eu-central-1.compute.internal",
      "export/objects/secrets.yaml:3 v1 Secret shop/shop-tls",
      "export/objects/services.json:4 v1 Service shop/web",
      "export/shop-deployments.yaml:3 apps/v1 Deployment.apps shop/web",
    ]);
    expect(found.leftOut).toEqual([
      { where: "export/charts/logging/Chart.yaml:1", why: "describes a Helm chart" },
      {
        where: expect.stringContaining("templates/deployment.yaml:"),
        why: "is a template ({{ }}): render it first, as by `helm template`",
      },
      { where: "export/charts/logging/values.yaml:1", why: "has values of a Helm chart" },
      { where: "export/kustomization.yaml:1", why: expect.stringContaining("kustomize build") },
      { where: "export/notes.txt", why: "is no .yaml, .yml or .json file" },
    ]);
    expect(found.files).toBe(16);
  });

  it("keeps numbers beyond 2^53, quoted words, and server fields", async () => {
    const { objects } = await readFolder(incident);
    const mouse = objects.find(({ object }) => object.kind === "Mouse")?.object;
    expect(mouse?.spec).toEqual({ serial: 9007199254740993n, awake: "yes" });
    expect(mouse?.metadata.uid).toBe("77777777-0000-0000-0000-000000000001");
  });
});

describe("a folder", () => {
  it.each<[string, string | Uint8Array, string[]]>([
    [
      "of many documents, some of them empty",
      `---\n${map("a")}---\n---\n# nothing\n---\n${map("b")}...\n`,
      ["2 a", "10 b"],
    ],
    ["with a mark of UTF-8", `\ufeff${map("a")}`, ["1 a"]],
    ["in UTF-16, as PowerShell writes", Buffer.from(`\ufeff${map("a")}`, "utf16le"), ["1 a"]],
    ["with line ends of Windows", `${map("a")}---\n${map("b")}`.replaceAll("\n", "\r\n"), ["1 a", "6 b"]],
    [
      "with lists in a list",
      `kind: List\napiVersion: v1\nitems:\n- kind: List\n  apiVersion: v1\n  items:\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n`,
      ["4 a"],
    ],
    [
      "with a list whose items leave out their type",
      "kind: ConfigMapList\napiVersion: v1\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n",
      ["4 a", "5 b"],
    ],
    [
      "with a list whose items are indented",
      `kind: List\napiVersion: v1\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata:\n      name: a\n    data:\n      text: |\n        - apiVersion\n  - ${map("b").trim().replaceAll("\n", "\n    ")}\nmetadata: {}\n`,
      ["4 a", "11 b"],
    ],
    [
      "with items that share an anchor",
      `kind: List\napiVersion: v1\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a, labels: &l {x: "1"}}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: b, labels: *l}\n`,
      ["4 a", "7 b"],
    ],
    ["with an empty list", "apiVersion: v1\nitems: []\nkind: List\n", []],
    ["with dashes within a text", `${map("a")}data:\n  t: |\n    a\n    --- b\n`, ["1 a"]],
  ])("%s", async (_, content, expected) => {
    const found = await read({ "x.yaml": content, "other.yaml": map("other") });
    expect(names(found).slice(1)).toEqual(expected.map((each) => `f/x.yaml:${each.replace(" ", " v1 ConfigMap ")}`));
  });

  it("with several values in a JSON file, or YAML that is called JSON", async () => {
    const json = (name: string) => `{"apiVersion": "v1", "kind": "ConfigMap",\n "metadata": {"name": "${name}"}}`;
    const found = await read({ "a.json": `${json("a")}\n${json("b")}\n`, "b.JSON": map("c") });
    expect(names(found)).toEqual([
      "f/a.json:1 v1 ConfigMap a",
      "f/a.json:3 v1 ConfigMap b",
      "f/b.JSON:1 v1 ConfigMap c",
    ]);
  });

  it("never follows a link, nor looks into hidden folders", async () => {
    const outside = await folderOf({ "secret.yaml": map("outside") });
    const folder = await folderOf({ "a.yaml": map("a"), ".git/x.yaml": map("hidden") });
    await symlink(join(outside, "secret.yaml"), join(folder, "link.yaml"));
    await symlink(outside, join(folder, "linked"));
    await symlink(folder, join(folder, "round"));
    const found = await readFolder(folder, { shown: "f" });
    expect(names(found)).toEqual(["f/a.yaml:1 v1 ConfigMap a"]);
    expect(found.leftOut.map(({ where }) => where)).toEqual(["f/link.yaml", "f/linked", "f/round", "f/.git"]);
  });

  it.each<[string, string, RegExp]>([
    ["values of a chart", "values-prod.yaml", /values of a Helm chart/],
    ["what has no type", "x.yaml", /no apiVersion and no kind/],
  ])("names %s", async (_, file, why) => {
    const { leftOut } = await read({ [file]: "replicas: 1\n", "a.yaml": map("a") });
    expect(leftOut).toEqual([{ where: `f/${file}:1`, why: expect.stringMatching(why) }]);
  });

  it.each<[string, string, RegExp]>([
    ["a kubeconfig", "apiVersion: v1\nkind: Config\nusers: []\n", /kubeconfig/],
    ["a kustomization", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", /kustomize/],
    [
      "a kubelet's configuration",
      "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
      /configuration of a program/,
    ],
    ["a job that is made anew", "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\n", /generateName/],
    [
      "a template that is YAML",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {{ .Values.data }}\n",
      /template/,
    ],
    ["a cut-off copy that may be whole", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  uid: u", /cut off/],
  ])("names %s", async (_, content, why) => {
    const { leftOut } = await read({ "x.yaml": content, "a.yaml": map("a") });
    expect(leftOut).toEqual([{ where: expect.stringMatching(/^f\/x\.yaml/), why: expect.stringMatching(why) }]);
  });
});

describe("a folder is refused, with file and line, where", () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    [
      "a list is cut off in an item",
      `apiVersion: v1\nitems:\n- ${map("a").trim().replaceAll("\n", "\n  ")}\n- apiVersion: v1\n  kind: Conf`,
      /^f\/x\.yaml:1: has items, but no kind.*cut off/,
    ],
    [
      "a list is cut off between items",
      `apiVersion: v1\nitems:\n- ${map("a").trim().replaceAll("\n", "\n  ")}\n`,
      /^f\/x\.yaml:1: has items, but no kind/,
    ],
    [
      "an object is cut off before its kind",
      "apiVersion: v1\ndata:\n  a: b\n",
      /^f\/x\.yaml:1: has an apiVersion, but no kind/,
    ],
    [
      "an object is cut off before its name",
      "apiVersion: v1\nkind: Pod\nmetadata:\n",
      /^f\/x\.yaml:1: is a Pod without a name/,
    ],
    ["a text is cut off", 'a: 1\nb: "text\n', /^f\/x\.yaml:\d: lacks a closing quote/],
    ["it's no YAML", `${map("a")}---\n${map("b")}x: y: z\n`, /^f\/x\.yaml:10: /],
    ["a key is there twice", `${map("a")}data:\n  a: "1"\n  a: "2"\n`, /^f\/x\.yaml:7: has the same key twice/],
    ["tabs indent", "a:\n\tb: 1\n", /^f\/x\.yaml:2: /],
    [
      "kubectl's error was taken for its output",
      "Error from server (Forbidden)\n",
      /^f\/x\.yaml:1: .*error message of kubectl/,
    ],
    [
      "it's one page of a list",
      `apiVersion: v1\nkind: List\nmetadata: {continue: abc}\nitems: []\n`,
      /^f\/x\.yaml:1: is one page/,
    ],
    ["it's no text", Buffer.from([0x61, 0xff, 0xfe, 0x62]), /^f\/x\.yaml:1: is no text: it isn't UTF-8/],
    ["it has NULs", "a: \0\n", /^f\/x\.yaml:1: is no text/],
    [
      "labels are no texts",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: 1}}\n",
      /^f\/x\.yaml:1: .*metadata\.labels/,
    ],
    ["a name is no text", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1}\n", /^f\/x\.yaml:1: .*name is no text/],
    ["a tag stands for a value", `${map("a")}data: !vault x\n`, /^f\/x\.yaml:5: has a tag/],
    ["a number is infinite", `${map("a")}data: {x: .inf}\n`, /^f\/x\.yaml:5: has a tag/],
  ])("%s", async (_, content, what) => {
    await expect(read({ "x.yaml": content, "a.yaml": map("a") })).rejects.toMatchObject(refusal(what));
  });

  it("JSON is cut off, or goes on after its end", async () => {
    const text = `{"apiVersion": "v1",\n "kind": "ConfigMap", "metadata": {"name": "a"}}`;
    await expect(read({ "x.json": text.slice(0, -5) })).rejects.toMatchObject(refusal(/^f\/x\.json:2: isn't JSON/));
    await expect(read({ "x.json": `${text}\n}` })).rejects.toMatchObject(refusal(/^f\/x\.json:3: isn't JSON/));
  });

  it("anchors unfold to a bomb", async () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) => `  l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(", ")}]`,
    );
    const bomb = `${map("a")}data:\n  l0: &l0 [x]\n${levels.join("\n")}\n`;
    await expect(read({ "x.yaml": bomb })).rejects.toMatchObject(refusal(/^f\/x\.yaml:1: uses its anchors too often/));
    const wide = `${map("a")}data:\n  big: &big ${"x".repeat(2000)}\n  all: [${Array(900).fill("*big").join(", ")}]\n`;
    await expect(read({ "x.yaml": wide }, { limits: { objectChars: 1_000_000 } })).rejects.toMatchObject(
      refusal(/^f\/x\.yaml:1: has more than 1000000 characters/),
    );
    expect(names(await read({ "x.yaml": wide }))).toHaveLength(1);
  });

  it("it is nested without end", async () => {
    const json = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":${"[".repeat(300)}${"]".repeat(300)}}`;
    await expect(read({ "x.json": json })).rejects.toMatchObject(
      refusal(/^f\/x\.json:1: is nested more than 200 deep/),
    );
    await expect(read({ "x.yaml": json })).rejects.toMatchObject(
      refusal(/^f\/x\.yaml:1: is nested more than 200 deep/),
    );
  });

  it("a file or the folder is endless", async () => {
    await expect(read({ "a.yaml": map("a") }, { limits: { fileBytes: 10 } })).rejects.toMatchObject(
      refusal(/^f\/a\.yaml:1: has \d+ bytes/),
    );
    const two = { "a.yaml": map("a"), "b.yaml": map("b") };
    await expect(read(two, { limits: { files: 1 } })).rejects.toMatchObject(refusal(/more than 1 files/));
  });

  it("several files are broken: all are named, and nothing of what they hold is said", async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData: {password: "hunter2\n';
    const error: unknown = await read({ "a.yaml": secret, "b.yaml": "a: b: hunter2", "c.json": '{"hunter2"' }).catch(
      (e: unknown) => e,
    );
    expect(String(error).match(/f\/[abc]\.(?:yaml|json):\d/g)).toHaveLength(3);
    expect(String(error)).not.toContain("hunter2");
  });
});
