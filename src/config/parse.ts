import { UserError } from "../model/errors.js";
import { locate } from "./locate.js";
import { mistakesOf } from "./mistakes.js";
import { readYaml } from "./read-yaml.js";
import { type Config, configSchema } from "./schema.js";

interface Mistake {
  /** 1-based. */
  line: number;
  /** `traffic.steps[2]`; empty for the document as a whole. */
  path: string;
  message: string;
}

/**
 * Untrusted text to typed configuration. Throws one UserError that lists every mistake with its line and path, in the
 * order of the file.
 */
export function parseConfig(text: string, file: string): Config {
  const { document, lines, value, mistakes } = readYaml(text);
  if (mistakes.length > 0) {
    const found = mistakes.map(({ offset, message }) => ({ line: lines.linePos(offset).line || 1, path: "", message }));
    // One slip makes a parser stumble several times: its first words about a line are the ones that help.
    throw invalid(file, [...new Map(found.reverse().map((mistake) => [mistake.line, mistake])).values()]);
  }
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const context = {
    document: value,
    sourceAt: (path: readonly PropertyKey[]) => locate(document, lines, path).source,
  };
  throw invalid(
    file,
    parsed.error.issues
      .flatMap((issue) => mistakesOf(issue, context))
      .map(({ path, message }) => ({ line: locate(document, lines, path).line, path: showPath(path), message })),
  );
}

function invalid(file: string, mistakes: Mistake[]): UserError {
  const sorted = [...mistakes].sort((a, b) => a.line - b.line);
  return new UserError({
    code: "config-invalid",
    what: sorted.map(({ line, path, message }) => `${file}:${line}: ${path ? `${path} ` : ""}${message}`).join("\n"),
    fix: "docs/configuration.md describes every key; `clustershift init` writes a first file.",
  });
}

function showPath(path: PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}
