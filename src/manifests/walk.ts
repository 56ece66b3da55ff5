import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../model/errors.js";

/** What lies in a folder, by paths from it with `/`, sorted. */
export interface Walked {
  /** `.yaml`, `.yml` and `.json`. */
  files: string[];
  /** Files of other kinds: they're not read. */
  others: string[];
  /** Never followed: they can lead out of the folder, or round in circles. */
  links: string[];
  /** Folders whose name begins with a dot, and node_modules: not looked into. */
  hidden: string[];
}

/** Everything below a folder. Throws `UserError` bundle-invalid where it can't be listed, or is endless. */
export async function walk(root: string, most: number): Promise<Walked> {
  const walked: Walked = { files: [], others: [], links: [], hidden: [] };
  const folders = [""];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      throw unusable(`${join(root, folder)} can't be listed: ${messageOf(error)}`, error);
    });
    for (const entry of entries) {
      if (++seen > most) throw unusable(`${root} has more than ${most} files.`);
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) walked.links.push(path);
      else if (entry.isDirectory()) {
        if (entry.name.startsWith(".") || entry.name === "node_modules") walked.hidden.push(path);
        else folders.push(path);
      } else if (entry.isFile() && isManifest(entry.name)) walked.files.push(path);
      else walked.others.push(path);
    }
  }
  for (const list of Object.values(walked) as string[][]) list.sort();
  return walked;
}

export function isManifest(name: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name);
}

function unusable(what: string, cause?: unknown): UserError {
  return new UserError({
    code: "bundle-invalid",
    what,
    fix: "Name the folder with the exported objects by --from.",
    cause,
  });
}
