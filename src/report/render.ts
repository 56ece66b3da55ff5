import { markdownBlock, markdownLine } from "../model/plain-text.js";
import type { Block, Section } from "./run-report.js";
import { escapeHtml, htmlTable, markdownTable } from "./tables.js";

export function renderMarkdown(title: string, sections: readonly Section[]): string {
  const block = (each: Block): string => {
    if (each.kind === "text") return markdownLine(each.text);
    return each.kind === "table" ? markdownTable(each.table) : markdownBlock(each.text);
  };
  return `${[`# ${markdownLine(title)}`, ...sections.flatMap((section) => [`## ${section.title}`, ...section.blocks.map(block)])].join("\n\n")}\n`;
}

const style = `
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 2px solid #2563eb; padding-bottom: .2rem; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; font-size: .9rem; }
  th, td { text-align: left; padding: .25rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
  th { position: sticky; top: 0; background: Canvas; } .n { text-align: right; font-variant-numeric: tabular-nums; }
  tbody tr:last-child td { font-weight: inherit; } pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); }
  nav a { margin-right: 1rem; }`;

/** One file without scripts, fonts or addresses of others: it can be mailed, filed and opened anywhere. */
export function renderHtml(title: string, sections: readonly Section[]): string {
  const id = (name: string): string => name.toLowerCase().replace(/[^a-z]+/g, "-");
  const block = (each: Block): string => {
    if (each.kind === "text") return `<p>${escapeHtml(each.text)}</p>`;
    return each.kind === "table"
      ? `<div class="scroll">${htmlTable(each.table)}</div>`
      : `<pre>${escapeHtml(each.text)}</pre>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<nav>${sections.map((section) => `<a href="#${id(section.title)}">${escapeHtml(section.title)}</a>`).join(" ")}</nav>
${sections.map((section) => `<section id="${id(section.title)}"><h2>${escapeHtml(section.title)}</h2>\n${section.blocks.map(block).join("\n")}</section>`).join("\n")}
</body>
</html>
`;
}
