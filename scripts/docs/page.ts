/** One generated file of the documentation. */
export interface Page {
  /** From the root of the checkout. */
  path: string;
  render(): string;
}

/** The head of a generated Markdown page: nobody should mend it by hand. */
export function head(title: string, source: string): string {
  return `<!-- Generated from ${source} by \`npm run docs\`. Change it there. -->\n\n# ${title}\n`;
}

/** A Markdown table; cells may hold anything. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, "<br>");
}

/** As code, where there is something to show. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** Lines for a shell. */
export function shell(lines: string): string {
  return `\`\`\`sh\n${lines}\n\`\`\``;
}

/** Sections, each once and with a blank line between. */
export function document(...parts: string[]): string {
  return `${parts.map((part) => part.trim()).join("\n\n")}\n`;
}
