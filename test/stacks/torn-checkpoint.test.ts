import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { restoreTornCheckpoint } from "../../stacks/engine/torn-checkpoint.js";

let state: string;
let file: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "torn-checkpoint-"));
  const folder = join(state, ".pulumi", "stacks", "project");
  await mkdir(folder, { recursive: true });
  file = join(folder, "prod.json");
});
afterEach(() => rm(state, { recursive: true, force: true }));

const stack = () => ({ backendUrl: pathToFileURL(state).href, projectName: "project", stackName: "prod" });
const checkpoint = (resources: number) =>
  JSON.stringify({
    version: 3,
    checkpoint: {
      stack: "prod",
      latest: { resources: Array.from({ length: resources }, (_, index) => ({ urn: `urn:${index}`, type: "a:b:C" })) },
    },
  });

describe("restoreTornCheckpoint", () => {
  it.each([
    { case: "empty", text: "" },
    { case: "cut", text: checkpoint(3).slice(0, 60) },
    { case: "missing", text: undefined },
  ])("puts back the one before, where the last is $case", async ({ text }) => {
    if (text !== undefined) await writeFile(file, text);
    await writeFile(`${file}.bak`, checkpoint(2));
    expect(await restoreTornCheckpoint(stack())).toBe(true);
    expect(await readFile(file, "utf8")).toBe(checkpoint(2));
    expect(await restoreTornCheckpoint(stack())).toBe(false);
  });

  it("leaves alone a whole one, a stack that was forgotten, and one of which nothing is kept", async () => {
    expect(await restoreTornCheckpoint(stack())).toBe(false);
    await writeFile(`${file}.bak`, checkpoint(1));
    expect(await restoreTornCheckpoint(stack())).toBe(false);
    await writeFile(`${file}.bak`, checkpoint(4));
    await writeFile(file, checkpoint(0));
    expect(await restoreTornCheckpoint(stack())).toBe(false);
    expect(await readFile(file, "utf8")).toBe(checkpoint(0));
  });

  it("waits for nobody, and touches nothing while an engine lives", async () => {
    const locks = join(state, ".pulumi", "locks", "organization", "project", "prod");
    await mkdir(locks, { recursive: true });
    await writeFile(join(locks, "alive.json"), JSON.stringify({ pid: process.pid, hostname: hostname() }));
    await writeFile(`${file}.bak`, checkpoint(2));
    expect(await restoreTornCheckpoint(stack())).toBe(false);
  });

  it.each(["s3://bucket", "https://api.example.com"])("leaves %s alone", async (backendUrl) => {
    expect(await restoreTornCheckpoint({ ...stack(), backendUrl })).toBe(false);
  });
});
