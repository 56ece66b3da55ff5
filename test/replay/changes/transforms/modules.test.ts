import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../../src/model/objects.js";
import { loadTransforms, type TransformSettings } from "../../../../src/replay/changes/transforms/index.js";
import { moduleFiles } from "../../../../src/replay/changes/transforms/module-files.js";
import { temporaryFolder } from "../../../kube/fake-server.js";
import { object } from "../../objects.js";

const settings = (module: string): TransformSettings => ({
  name: "own",
  reason: "because",
  select: { namespace: "shop" },
  module,
});
const configMap = object("v1 ConfigMap shop/c", { data: { a: "1" } }, { labels: { app: "c" } });
const other = object("v1 ConfigMap shop/other", {}, {});
const context = {
  listed: (kind: string) => (kind === "ConfigMap" ? [configMap, other] : []),
  serves: () => true,
};

async function folder(files: Record<string, string>): Promise<string> {
  const dir = await temporaryFolder();
  for (const [path, text] of Object.entries({ "package.json": '{"type":"module"}', ...files })) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

async function made(files: Record<string, string>, of: KubeObject = configMap, path = "./t/own.ts") {
  const [change] = await loadTransforms(await folder(files), [settings(path)]);
  return change?.change(of, context);
}

describe("a module", () => {
  const typed = `
    import type { Transform } from "clustershift/transform";
    import { team } from "./shared/team.js";
    const own: Transform = (object, { name, listed }) => {
      if (object.kind !== "ConfigMap") return undefined;
      const copy = structuredClone(object);
      copy.metadata.labels = { ...copy.metadata.labels, team, by: name, of: String([...listed("ConfigMap")].length) };
      return copy;
    };
    export default own;`;

  it("in TypeScript, with what it imports, changes a copy of what it's given", async () => {
    const changed = await made({ "t/own.ts": typed, "t/shared/team.ts": 'export const team: string = "a";' });
    expect(changed?.object.metadata.labels).toEqual({ app: "c", team: "a", by: "own", of: "2" });
    expect(configMap.metadata.labels).toEqual({ app: "c" });
  });

  it.each([
    ["of JavaScript", "./t/own.js", "export default (object) => ({ ...object, data: { b: '2' } });"],
    ["of CommonJS", "./t/own.cjs", "module.exports = (object) => ({ ...object, data: { b: '2' } });"],
    ["of CommonJS in TypeScript", "./t/own.cts", "export default (object: any) => ({ ...object, data: { b: '2' } });"],
  ])("may be %s", async (_, path, text) => {
    expect((await made({ [path]: text }, configMap, path))?.object.data).toEqual({ b: "2" });
  });

  it("changes nothing where it gives nothing, or the same again", async () => {
    expect(await made({ "t/own.ts": "export default () => undefined;" })).toBeUndefined();
    expect(await made({ "t/own.ts": "export default (object: object) => structuredClone(object);" })).toBeUndefined();
  });

  it("leaves an object behind with its reason", async () => {
    expect(await made({ "t/own.ts": "export default () => ({ drop: 'not needed' });" })).toEqual({
      object: configMap,
      ends: { ending: "dropped", reason: "not needed" },
    });
  });

  it.each<[string, string, RegExp]>([
    ["throws", "export default () => {\n  throw new Error('boom');\n};", /\.\/t\/own\.ts:\d+ throws Error: boom/],
    [
      "mutates its argument",
      "export default (o: any) => {\n  o.metadata.labels.x = '1';\n  return o;\n};",
      /own\.ts:\d+ throws since it changes the object that it was given: change a copy/,
    ],
    [
      "mutates what blue listed",
      "export default (o: any, c: any) => {\n  for (const each of c.listed('ConfigMap')) delete each.metadata.name;\n};",
      /since it changes the object/,
    ],
    ["gives a text", "export default () => 'text';", /gives a string, which is no object/],
    ["gives null", "export default () => null;", /gives null, which is no object/],
    ["is asynchronous", "export default async (o: object) => o;", /gives a promise at the top/],
    ["gives a list", "export default (o: object) => [o];", /gives a list, which is no object/],
    [
      "gives what JSON can't hold",
      "export default (o: object) => ({ ...o, data: { at: new Date(0) } });",
      /gives a Date at \/data\/at, which JSON can't hold/,
    ],
    [
      "gives no number",
      "export default (o: object) => ({ ...o, spec: { replicas: Number('x') } });",
      /gives NaN at \/spec\/replicas/,
    ],
    [
      "gives what holds itself",
      "export default (o: any) => { const a: any = { ...o }; a.self = a; return a; };",
      /holds itself at \/self/,
    ],
    ["changes the kind", "export default (o: object) => ({ ...o, kind: 'Secret' });", /changes kind, which tells/],
    [
      "changes the namespace",
      "export default (o: any) => ({ ...o, metadata: { ...o.metadata, namespace: 'x' } });",
      /changes metadata\.namespace/,
    ],
  ])("that %s makes the object fail, in words that name it", async (_, text, words) => {
    const changed = await made({ "t/own.ts": text });
    expect(changed?.ends?.ending).toBe("failed");
    expect(changed?.ends?.reason).toMatch(words);
    expect(changed?.ends?.reason).toMatch(/^the transform own fails: \.\/t\/own\.ts/);
  });

  it("never tells a Secret's values through an error", async () => {
    const secret = object("v1 Secret shop/s", { data: { a: "aHVudGVyMg==" } });
    const text = "export default (o: any) => JSON.parse(atob(o.data.a));";
    const changed = await made({ "t/own.ts": text }, secret);
    expect(changed?.ends?.reason).toMatch(/throws a SyntaxError \(its words are hidden/);
    expect(JSON.stringify(changed?.remarks)).not.toContain("hunter2");
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["isn't there", {}, /^The transform "own": \.\/t\/own\.ts doesn't load: .*own\.ts/],
    ["is no TypeScript", { "t/own.ts": "export default (" }, /doesn't load: .*own\.ts:1/],
    [
      "imports what isn't there",
      { "t/own.ts": 'import "./none.js"; export default () => undefined;' },
      /doesn't load: .*none/,
    ],
    [
      "has no default export",
      { "t/own.ts": "export const own = () => undefined;" },
      /has no function as its default export/,
    ],
    ["exports no function", { "t/own.ts": "export default { own: 1 };" }, /has no function as its default export/],
    [
      "imports by a name that can't be followed",
      { "t/own.ts": "await import('./' + 'other.ts'); export default () => undefined;", "t/other.ts": "export {};" },
      /imports t.other\.ts by a name that can't be followed/,
    ],
  ])("that %s is refused before anything is planned", async (_, files, words) => {
    await expect(made(files)).rejects.toMatchObject({ code: "config-invalid", message: expect.stringMatching(words) });
  });
});

describe("what a module is made of", () => {
  it("is every file that it names by a relative path, and that these name", async () => {
    const dir = await folder({
      "t/own.ts": 'import a from "./a.js";\nconst b = await import("./b.json", { with: { type: "json" } });',
      "t/a.ts": 'export { c } from "./sub";',
      "t/b.json": "{}",
      "t/sub/index.ts": 'export const c = new URL("../../words.txt", import.meta.url);',
      "words.txt": "words",
      "t/unused.ts": "",
    });
    const before = await moduleFiles(dir, ["./t/own.ts"]);
    expect(Object.keys(before).sort()).toEqual(["t/a.ts", "t/b.json", "t/own.ts", "t/sub/index.ts", "words.txt"]);
    for (const path of Object.keys(before)) {
      await writeFile(join(dir, path), `${Math.random()}`);
      expect((await moduleFiles(dir, ["./t/own.ts"]))[path], path).not.toBe(before[path]);
    }
  });

  it("is nothing that can be read, where the module is gone", async () => {
    expect(await moduleFiles(await folder({}), ["./t/own.ts"])).toEqual({ "t/own.ts": null });
  });
});
