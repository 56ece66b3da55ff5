import type { EnsureOptions } from "./ensure.js";
import { ensurePythonTool } from "./python-tool.js";
import { toolVersions } from "./versions.js";

/**
 * Makes moto, the AWS emulator, ready and returns the path of `moto_server`.
 *
 * @throws UserError `tool-missing` where Python or its venv module is missing, or pip can't fetch.
 */
export function ensureMoto(options: EnsureOptions = {}): Promise<string> {
  const version = toolVersions.moto;
  return ensurePythonTool({ name: "moto", packages: { "moto[server]": version }, program: "moto_server" }, options);
}
