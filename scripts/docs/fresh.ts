import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "./page.js";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");

/** A page as it must lie on disk: formatted as everything else, so that `npm run format:check` has nothing to say. */
export function freshText({ path, render }: Page): string {
  const text = render();
  if (!path.endsWith(".md")) return text;
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, "format", `--stdin-file-path=${path}`], {
    cwd: root,
    input: text,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${path} can't be formatted: ${stderr}`);
  return stdout;
}
