import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.js";
import { fixtures } from "./fixtures.js";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "clustershift-config-"));
});
afterAll(() => rm(dir, { recursive: true }));

describe("loadConfig", () => {
  it("says where the file lay, since its paths are relative to it", async () => {
    const [full] = fixtures("valid");
    const file = join(dir, "clustershift.yaml");
    await writeFile(file, full?.text ?? "");
    expect(await loadConfig(file)).toMatchObject({ file, dir, config: { apiVersion: "clustershift.dev/v1" } });
  });

  it("reads a file with a byte order mark", async () => {
    const file = join(dir, "bom.yaml");
    await writeFile(file, `\ufeff${fixtures("valid")[0]?.text}`);
    expect((await loadConfig(file)).config.apiVersion).toBe("clustershift.dev/v1");
  });

  it.each([
    ["is not there", "missing.yaml", async () => undefined],
    ["is a folder", "folder", async (path: string) => void (await mkdir(path))],
  ])("names a file that %s, and what writes one", async (_, name, make) => {
    const path = join(dir, name);
    await make(path);
    await expect(loadConfig(path)).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining(`${path}: can't be read`),
      fix: expect.stringContaining("clustershift init"),
    });
  });

  it("refuses bytes that are no text", async () => {
    const path = join(dir, "binary.yaml");
    await writeFile(path, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff, 0xfe]));
    await expect(loadConfig(path)).rejects.toMatchObject({ code: "config-invalid" });
  });
});
