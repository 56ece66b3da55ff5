import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../../model/errors.js";
import type { Context } from "../command.js";

/** @throws UserError `usage` where one of the files is there, and neither --overwrite nor a person says that it may be replaced */
export async function mayReplace(paths: readonly string[], overwrite: boolean, { edges }: Context): Promise<void> {
  if (overwrite) return;
  const there: string[] = [];
  for (const path of paths) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) there.push(path);
  }
  if (there.length === 0) return;
  const answer = await edges.ask?.(`${there.join(", ")}: there already. Replace? [y/N] `);
  if (/^y(es)?$/i.test(answer ?? "")) return;
  throw new UserError({
    code: "usage",
    what: `${there.join(", ")}: there already.`,
    fix: "Give --overwrite to replace, or --config and --stacks for other places.",
  });
}

export async function writeFiles(files: readonly { path: string; text: string }[]): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
