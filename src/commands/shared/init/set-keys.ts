import { type Document, parse } from "yaml";
import { UserError } from "../../../model/errors.js";

/** Puts `KEY.KEY=VALUE` into a document, one after the other. @throws UserError `usage` where one has no value */
export function setKeys(document: Document, settings: readonly string[]): void {
  for (const setting of settings) {
    const [path, ...rest] = setting.split("=");
    if (!path || rest.length === 0) {
      throw new UserError({
        code: "usage",
        what: `--set ${setting} has no value.`,
        fix: "Write --set KEY.KEY=VALUE, for example --set traffic.hold=2s",
      });
    }
    document.setIn(path.split("."), document.createNode(parse(rest.join("="))));
  }
}
