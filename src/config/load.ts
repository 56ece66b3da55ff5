import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { messageOf, UserError } from "../model/errors.js";
import { parseConfig } from "./parse.js";
import type { Config } from "./schema.js";

/** A parsed configuration, and where it lay: paths in it are relative to `dir`. */
export interface LoadedConfig {
  config: Config;
  /** Absolute path. */
  file: string;
  dir: string;
}

/** Throws UserError `config-invalid` where the file can't be read or isn't valid. */
export async function loadConfig(path: string): Promise<LoadedConfig> {
  const file = resolve(path);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new UserError({
      code: "config-invalid",
      what: `${path}: can't be read: ${messageOf(error)}`,
      fix: "`clustershift init` writes a first one; --config names another.",
      cause: error,
    });
  }
  return { config: parseConfig(text, path), file, dir: dirname(file) };
}
