import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeTornAttributes } from "../../stacks/engine/torn-attributes.js";

let state: string;
let folder: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "torn-attributes-"));
  folder = join(state, ".pulumi", "stacks", "project");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "prod.json"), "{}");
  await writeFile(join(folder, "prod.json.attrs"), "");
  await writeFile(join(folder, "prod.json.bak.attrs"), '{"user.cont');
  await writeFile(join(folder, "other.json.attrs"), '{"user.content_type":"application/json"}');
});
afterEach(() => rm(state, { recursive: true, force: true }));

const stack = () => ({ backendUrl: pathToFileURL(state).href, projectName: "project", stackName: "prod" });

describe("removeTornAttributes", () => {
  it("takes away what is empty or cut, of this stack, and nothing else", async () => {
    expect(await removeTornAttributes(stack())).toHaveLength(2);
    expect((await readdir(folder)).sort()).toEqual(["other.json.attrs", "prod.json"]);
    expect(await removeTornAttributes(stack())).toEqual([]);
    expect(await removeTornAttributes({ ...stack(), stackName: "other" })).toEqual([]);
  });

  it("touches nothing while an engine lives", async () => {
    const locks = join(state, ".pulumi", "locks", "organization", "project", "prod");
    await mkdir(locks, { recursive: true });
    await writeFile(join(locks, "alive.json"), JSON.stringify({ pid: process.pid, hostname: hostname() }));
    expect(await removeTornAttributes(stack())).toEqual([]);
    expect(await readdir(folder)).toHaveLength(4);
  });

  it.each(["s3://bucket", "https://api.example.com"])("leaves %s alone", async (backendUrl) => {
    expect(await removeTornAttributes({ ...stack(), backendUrl })).toEqual([]);
  });
});
