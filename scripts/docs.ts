import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { freshText } from "./docs/fresh.js";
import { pages } from "./docs/pages.js";

/** `npm run docs`: writes what is generated. With --check it writes nothing, and exits 1 where a file isn't fresh. */
const root = resolve(fileURLToPath(import.meta.url), "../..");
const check = process.argv.includes("--check");

const stale: string[] = [];
for (const page of pages) {
  const { path } = page;
  const file = join(root, path);
  const fresh = freshText(page);
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present === fresh) continue;
  stale.push(path);
  if (check) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, fresh);
}

if (check && stale.length > 0) {
  console.error(`Not fresh: ${stale.join(", ")}. Run: npm run docs`);
  process.exitCode = 1;
} else if (!check) {
  console.log(stale.length === 0 ? "Everything was fresh." : `Wrote ${stale.join(", ")}.`);
}
