import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freshText } from "../../scripts/docs/fresh.js";
import { pages } from "../../scripts/docs/pages.js";
import { exitCodes } from "../../src/model/exit-codes.js";
import { anchorsOf, linksOf } from "./markdown.js";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

describe("generated files", () => {
  it.each(pages.map((page) => [page.path, page] as const))("%s says what the code says", (path, page) => {
    // Not toBe: the difference of two such files would bury the one thing to do.
    expect(read(path) === freshText(page), "it is stale: npm run docs").toBe(true);
  });
});

describe("Markdown", () => {
  const files = markdownFiles();

  it("is found", () => {
    expect(files).toEqual(expect.arrayContaining(["README.md", "CONTRIBUTING.md", "docs/runbook.md"]));
  });

  it.each(files)("%s has no broken link", (file) => {
    const broken = linksOf(read(file)).filter((link) => !resolves(file, link));
    expect(broken).toEqual([]);
  });
});

describe("the runbook", () => {
  const runbook = read("docs/runbook.md");

  it.each(Object.entries(exitCodes).map(([name, { code }]) => [name, code] as const))(
    "has a section for %s",
    (name, code) => {
      const section = runbook.split(/^#{2,3} /m).find((each) => each.startsWith(`${code} ${name}\n`));
      expect(section?.split("\n").slice(1).join("\n").trim()).toBeTruthy();
    },
  );

  it("has no section for a code that isn't there", () => {
    const known = Object.entries(exitCodes).map(([name, { code }]) => `${code} ${name}`);
    const sections = [...runbook.matchAll(/^### (\d+ .*)$/gm)].map(([, title]) => title);
    expect(sections.filter((title) => !known.includes(title ?? ""))).toEqual([]);
  });
});

function resolves(from: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const file = path === "" ? from : join(dirname(from), decodeURIComponent(path));
  if (file.startsWith("..") || !existsSync(join(root, file))) return false;
  return anchor === undefined || !file.endsWith(".md") || anchorsOf(read(file)).includes(anchor);
}

function markdownFiles(): string[] {
  const folders = ["docs", "examples", "schema", "migrations", "stacks"];
  const top = readdirSync(root).filter((name) => name.endsWith(".md"));
  const deeper = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
  );
  return [...top, ...deeper].sort();
}
