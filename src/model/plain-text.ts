/**
 * Words from outside (names of objects, servers' messages) on one line of a terminal or a table: line breaks become spaces,
 * and control characters, which could move a terminal's cursor or hide text, become visible.
 */
export function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, " ").replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\ufffd");
}

/** One line of Markdown in which no HTML tag can start; the backticks of our own words keep their meaning. */
export function markdownLine(text: string): string {
  return oneLine(text).replace(/<(?=[a-z/!?])/gi, "&lt;");
}

/** The cell of a Markdown table. A backslash is doubled, since before a bar it would let that end the cell. */
export function markdownCell(text: string): string {
  return markdownLine(text).replaceAll("\\", "\\\\").replaceAll("|", "\\|");
}

/** Text as code within a line, whatever backticks it holds. */
export function markdownCode(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${oneLine(text)}${pad}${fence}`;
}

/** Lines as a block of code, whatever fences they hold. */
export function markdownBlock(text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
