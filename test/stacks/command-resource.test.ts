import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/**
 * The text that Pulumi keeps of a CommandResource's functions, run as Pulumi's plugin would: by itself, in a CommonJS
 * module. It is taken as tsx leaves the functions, and as tsc does.
 */
interface Provider {
  create(inputs: object): Promise<{ id: string; outs: Record<string, unknown> }>;
  diff(id: string, before: object, after: object): Promise<{ changes: boolean; replaces: string[] }>;
  update(id: string, before: object, after: object): Promise<{ outs: Record<string, unknown> }>;
  delete(id: string, inputs: object): Promise<void>;
}

// Another process loads Pulumi, and TypeScript parses its functions: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const source = resolve("stacks/command-resource.ts");
const shell = (script: string) => ["/bin/sh", "-c", script];
const inputs = (change: object = {}) => ({ create: shell("echo '{}'"), delete: ["true"], hash: "1", ...change });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "command-resource-"));
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Makes a CommandResource in another process and gives the text that its functions became. */
async function textOf(module: string, nodeArgs: string[]): Promise<string> {
  const script = `
    import * as pulumi from "@pulumi/pulumi";
    import { CommandResource } from ${JSON.stringify(pathToFileURL(module).href)};
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => { process.stdout.write(inputs.__provider); return { id: "1", state: inputs }; },
      call: () => ({}),
    });
    new CommandResource("one", { create: ["true"], delete: ["true"], hash: "1" });
  `;
  const args = [...nodeArgs, "--input-type=module", "--eval", script];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

async function compiled(): Promise<string> {
  const { default: typescript } = await import("typescript");
  const { module, target } = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2023 };
  const text = await readFile(source, "utf8");
  const file = join(folder, "command-resource.mjs");
  await writeFile(file, typescript.transpileModule(text, { compilerOptions: { module, target } }).outputText);
  return file;
}

describe.each([
  { by: "tsx", text: () => textOf(source, ["--import", "tsx"]) },
  { by: "tsc", text: async () => textOf(await compiled(), []) },
])("CommandResource, as $by compiles it", ({ by, text }) => {
  let provider: Provider;
  beforeAll(async () => {
    const file = join(folder, `${by}.cjs`);
    await writeFile(file, await text());
    provider = createRequire(import.meta.url)(file).handler();
  });

  it("takes its result from the last line that create prints", async () => {
    const create = shell(`echo starting; echo "{\\"port\\": $PORT}"`);
    const { outs } = await provider.create(inputs({ create, env: { PORT: "8080" } }));
    expect(outs).toMatchObject({ result: { port: 8080 }, hash: "1", create });
  });

  it.each([
    { case: "nothing", script: "true" },
    { case: "words", script: "echo done" },
    { case: "a number", script: "echo 5" },
    { case: "a list", script: "echo '[]'" },
    { case: "an object, but not last", script: "echo '{}'; echo done" },
  ])("refuses output that ends in $case", async ({ script }) => {
    await expect(provider.create(inputs({ create: shell(script) }))).rejects.toThrow(/must be a JSON object/);
  });

  it("ends a failure in what the command said, and how it went", async () => {
    const create = shell("for i in $(seq 30); do echo line-$i >&2; done; exit 7");
    const failed = expect(provider.create(inputs({ create }))).rejects;
    await failed.toThrow(/failed with 7:\nline-11\n[\s\S]*line-30$/);
  });

  it.each([
    { case: "nothing", after: inputs(), changes: false, replaces: [] },
    { case: "the functions' own text", after: { ...inputs(), __provider: "other" }, changes: false, replaces: [] },
    { case: "a command", after: inputs({ delete: ["false"] }), changes: true, replaces: [] },
    { case: "the environment", after: inputs({ env: { A: "1" } }), changes: true, replaces: [] },
    { case: "the hash", after: inputs({ hash: "2" }), changes: true, replaces: ["hash"] },
  ])("when $case changes, replaces $replaces", async ({ after, changes, replaces }) => {
    expect(await provider.diff("id", inputs(), after)).toMatchObject({ changes, replaces });
  });

  it("notes new commands without running them, and keeps the result", async () => {
    const before = { ...inputs(), result: { port: 1 } };
    const { outs } = await provider.update("id", before, inputs({ create: ["false"], delete: ["false"] }));
    expect(outs).toMatchObject({ create: ["false"], delete: ["false"], result: { port: 1 } });
  });

  it("runs delete, and fails with it", async () => {
    const file = join(folder, `${by}-deleted`);
    await provider.delete("id", inputs({ delete: ["touch", file] }));
    expect(await readFile(file, "utf8")).toBe("");
    await expect(provider.delete("id", inputs({ delete: shell("echo busy >&2; exit 1") }))).rejects.toThrow(/busy$/);
  });
});
