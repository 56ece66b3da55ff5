/** A part of the runbook with a heading of its own. */
export interface Section {
  title: string;
  /** Of a section for an exit code: `### 14 smoke-failed`. */
  exit?: { code: number; name: string };
  text: string;
}

export function sectionsOf(markdown: string): Section[] {
  return markdown
    .split(/^#{2,3} /m)
    .slice(1)
    .map((part) => {
      const [title = "", ...lines] = part.split("\n");
      const [, code, name] = /^(\d+) ([a-z-]+)$/.exec(title) ?? [];
      return { title, text: lines.join("\n"), ...(name !== undefined && { exit: { code: Number(code), name } }) };
    });
}

/** Everything that is to be typed: lines of shell blocks, and code within a line. */
export function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, "");
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replaceAll(/\s+/g, " "));
  return [...blocks.flatMap((block) => block.replaceAll("\\\n", " ").split("\n")), ...inline];
}

/** Every `clustershift …` that is to be typed, as its words; several on one line are several. */
export function commandsOf(text: string): string[][] {
  return codeOf(text)
    .map((code) => code.replace(/\s+#.*$/, ""))
    .flatMap((code) => code.split(/&&|\|\||;|\|/))
    .map((code) => code.trim())
    .filter((code) => /^clustershift\s/.test(code))
    .map((code) => [...code.matchAll(/"([^"]*)"|(\S+)/g)].slice(1).map(([, quoted, plain]) => quoted ?? plain ?? ""));
}

/** What a section says under **Run:** and **Back:**, up to what is bold next. */
export function toDoOf({ text }: Pick<Section, "text">): string {
  return [...text.matchAll(/\*\*(?:Run|Back):?\*\*([\s\S]*?)(?=\*\*[A-Z]|$)/g)].map(([, part]) => part).join("\n");
}

/** The rows of a section's table whose first cell begins with a bold name. */
export function namedRowsOf({ text }: Section): { name: string; last: string }[] {
  return [...text.matchAll(/^\| \*\*([^*]+)\*\*.*\| ([^|]*) \|$/gm)].map(([, name = "", last = ""]) => ({
    name,
    last,
  }));
}

/** The names of the commands that a text names in passing: of a message's advice, too. */
export function namedCommands(text: string): string[] {
  const names = [...text.replaceAll(/\s+/g, " ").matchAll(/clustershift ([a-z]+)/g)].map(([, name = ""]) => name);
  return [...new Set(names)].sort();
}
