import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** What a test file can ask the harness for: it, or a helper that it imports, names one of these variables. */
export const offers = ["BLUE_KUBECONFIG", "GREEN_KUBECONFIG", "OLD_BLUE_KUBECONFIG", "PULUMI"] as const;
export type Offer = (typeof offers)[number];

/** The variable by which an offer is handed over. */
export const variableOf = (offer: Offer): string => `CLUSTERSHIFT_TEST_${offer}`;

/** Which offers these test files ask for, by their own text and that of every test helper that they import. */
export function needsOf(files: Iterable<string>, read = textOf): Offer[] {
  const seen = new Set<string>();
  const found = new Set<Offer>();
  const left = [...files];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = read(file);
    for (const offer of offers) if (text.includes(variableOf(offer))) found.add(offer);
    left.push(...helpersOf(text).map((path) => resolve(dirname(String(file)), path)));
  }
  return offers.filter((offer) => found.has(offer));
}

/** Empty where there is none: what looks like an import may stand in a test's own text. */
function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Imports of other files under test/, as the `.ts` files that they are. What is tested asks for nothing. */
function helpersOf(text: string): string[] {
  return [...text.matchAll(/\bfrom "(\.{1,2}\/[^"]+)\.js"/g)]
    .map(([, path = ""]) => path)
    .filter((path) => !/^(\.\.\/)+(src|stacks|migrations|examples|scripts)\//.test(path))
    .map((path) => `${path}.ts`);
}
