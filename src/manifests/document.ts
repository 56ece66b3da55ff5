/** One value in a file: the whole of a document, or an item of a list. */
export interface Located {
  value: unknown;
  /** Where it begins. */
  line: number;
}

/** One document of a file, as plain JSON. */
export interface FileDocument extends Located {
  /** The lines of `items`, where the document has them. */
  itemLines: number[];
}

/** Text that can't be read; the message has nothing of the text. */
export class Unreadable extends Error {
  readonly line: number;
  /** Whether the text is a template rather than broken: placeholders stand where YAML can't be. */
  readonly template: boolean;

  constructor(line: number, what: string, template = false) {
    super(what);
    this.line = line;
    this.template = template;
  }
}
