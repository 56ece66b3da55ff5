/** What names of clusters end in that is no name: colours change hands, versions and dates are the old cluster's. */
const endings = /-(blue|green|v?\d+-\d+|\d{4}-\d{2}(-\d{2})?|\d{8})$/;

/**
 * What a cluster and its successors have in common: `prod` of `prod-1-24.k8s.example.com`, `acme` of `blue.acme.example`.
 * Small letters, digits and hyphens, and short enough to get a version behind it.
 */
export function familyName(cluster: string): string {
  // A context may be an ARN, or say a user before the cluster.
  const own = cluster.toLowerCase().replace(/^.*[/@]/, "");
  for (const label of own.split(/[.:]/)) {
    let name = label.replaceAll(/[^a-z0-9-]+/g, "-").replace(/^[^a-z]+/, "");
    while (endings.test(name)) name = name.replace(endings, "");
    name = name
      .replace(/^(blue|green)(-|$)/, "")
      .slice(0, 20)
      .replace(/-+$/, "");
    if (name && !/(^|-)(blue|green)(-|$)/.test(name)) return name;
  }
  return "main";
}

/** `acme-1-35` */
export function successorName(family: string, version: string): string {
  return `${family}-${version.replaceAll(".", "-")}`;
}

/** As long as AWS and Kubernetes take it for a stack and a cluster. */
const longest = 32;

/** The successor's name; with the day behind it where a cluster has had that name: `acme-1-35-2026-11-28`. */
export function freshName(family: string, version: string, now: Date, used: ReadonlySet<string>): string {
  const plain = successorName(family, version);
  if (!used.has(plain)) return plain;
  const day = now.toISOString().slice(0, 10);
  for (let number = 1; ; number++) {
    const ending = `${successorName("", version)}-${day}${number === 1 ? "" : `-${number}`}`;
    const name = `${family.slice(0, longest - ending.length).replace(/-+$/, "")}${ending}`;
    if (!used.has(name)) return name;
  }
}
