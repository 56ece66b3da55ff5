import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./fixtures/", import.meta.url));

/** The fixtures of one sort, by the name of their file: each is a clustershift.yaml. */
export function fixtures(sort: "valid" | "invalid"): { name: string; path: string; text: string }[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${sort}-`) && name.endsWith(".yaml"))
    .sort()
    .map((name) => ({ name, path: `${folder}${name}`, text: readFileSync(`${folder}${name}`, "utf8") }));
}

/** Where the whole message for an invalid fixture stands. */
export function messagePath(path: string): string {
  return path.replace(/\.yaml$/, ".error.txt");
}
