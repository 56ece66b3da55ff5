/** What the name of an instance type says: `m7g.large` is family m, generation 7, Graviton, large. */

/** `g` right behind the generation stands for Graviton, AWS's arm64 processors; the first of them were a1. */
export function architectureOf(instanceType: string): "arm64" | "x86_64" {
  return /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType) ? "arm64" : "x86_64";
}

/** Four pods fit on these, and the add-ons bring as many to each node. */
export function isTooSmall(instanceType: string): boolean {
  return /\.(nano|micro)$/.test(instanceType);
}
