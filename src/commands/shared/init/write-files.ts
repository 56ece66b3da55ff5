import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
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
    if (exists) there.push(shown(path, edges.cwd));
  }
  if (there.length === 0) return;
  const what = `${there.join(", ")} ${there.length > 1 ? "are" : "is"} there already.`;
  const answer = await edges.ask?.(`${what} Replace? [y/N] `);
  if (/^y(es)?$/i.test(answer ?? "")) return;
  throw new UserError({
    code: "usage",
    what,
    fix: "Give --overwrite to replace, or --config and --stacks for other places.",
  });
}

function shown(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith("..") ? path : near;
}

export async function writeFiles(files: readonly { path: string; text: string }[]): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
