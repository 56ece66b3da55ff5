import { type Document, isCollection, isNode, parseDocument, visit } from "yaml";
import { UserError } from "../../../../model/errors.js";
import type { Account } from "../account.js";

export type Path = readonly (string | number)[];

/** A YAML file that is edited where it stands, so that comments and order stay; and the account of what was done to it. */
export class Revision {
  readonly document: Document;
  readonly account: Account = { found: [], chosen: [], unknown: [] };

  /** @throws UserError `config-invalid` where an alias makes one place stand for another */
  constructor(text: string, file: string) {
    this.document = parseDocument(text);
    visit(this.document, {
      Alias(_, { source }) {
        throw new UserError({
          code: "config-invalid",
          what: `${file}: *${source} stands for what is written elsewhere, so no single place can be changed.`,
          fix: "Write it out in each place, then run the same command again.",
        });
      },
    });
  }

  /** The value at a path as plain data; undefined where there is none. */
  get(path: Path): unknown {
    const node = this.document.getIn(path, true);
    return isNode(node) ? node.toJS(this.document) : node;
  }

  set(path: Path, value: unknown): void {
    this.document.setIn(path, typeof value === "object" ? this.document.createNode(value) : value);
  }

  /** Takes a key out, and what is left empty by that; resolves to whether it was there. */
  drop(path: Path): boolean {
    if (!this.document.hasIn(path)) return false;
    this.document.deleteIn(path);
    const parent = path.slice(0, -1);
    const left = parent.length > 0 ? this.document.getIn(parent, true) : undefined;
    if (isCollection(left) && left.items.length === 0) this.drop(parent);
    return true;
  }

  /** Takes a key out and says why. */
  takeOut(path: Path, why: string): void {
    if (this.drop(path)) this.account.chosen.push(`${shown(path)} is taken out: ${why}`);
  }

  toString(): string {
    return this.document.toString({ lineWidth: 0 });
  }
}

/** `traffic.route53[0].records[1].green` */
export function shown(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}
