import { isObject, listAt, textAt } from "../../../model/json.js";
import type { KubeObject } from "../../../model/objects.js";
import type { ChangeContext } from "../change.js";

/** What is blue's alone, by how it is written: `10.1.2.3` -> the cluster IP of Service shop/db. */
export interface AddressBook {
  /** What a text names of blue's, each once, in the text's order. */
  namedIn(text: string): Named[];
}

export interface Named {
  /** As it is written in the text. */
  what: string;
  /** In people's words, without the address itself: `the cluster IP of Service shop/db`. */
  is: string;
}

const books = new WeakMap<ChangeContext, Map<string, AddressBook>>();

/** Blue's addresses, gathered once from all that it listed. `cluster` is its name, where somebody said it. */
export function addressBook(context: ChangeContext, cluster: string | undefined): AddressBook {
  const known = books.get(context) ?? new Map<string, AddressBook>();
  books.set(context, known);
  const book = known.get(cluster ?? "") ?? write(context, cluster);
  known.set(cluster ?? "", book);
  return book;
}

function write(context: ChangeContext, cluster: string | undefined): AddressBook {
  const places = new Map<string, string>();
  // The first to be known under an address keeps it: the API server's before the Service that leads to it.
  const note = (address: string | undefined, is: string): void => {
    if (address && address !== "None" && !places.has(address)) places.set(address, is);
  };
  for (const endpoints of context.listed("Endpoints")) {
    if (nameOf(endpoints) !== "default/kubernetes") continue;
    for (const address of listAt(endpoints, "subsets").flatMap((subset) => listAt(subset, "addresses"))) {
      note(textAt(address, "ip"), "the address of blue's API server");
    }
  }
  for (const service of context.listed("Service")) {
    const is = `the cluster IP of Service ${nameOf(service)}`;
    for (const address of [textAt(service, "spec", "clusterIP"), ...listAt(service, "spec", "clusterIPs")]) {
      if (typeof address === "string") note(address, is);
    }
    for (const address of balancersOf(service)) note(address, `the load balancer of Service ${nameOf(service)}`);
  }
  for (const ingress of context.listed("Ingress.networking.k8s.io")) {
    for (const address of balancersOf(ingress)) note(address, `the load balancer of Ingress ${nameOf(ingress)}`);
  }
  for (const node of context.listed("Node")) {
    if (isTelling(node.metadata.name)) note(node.metadata.name, "a node of blue's");
    for (const address of listAt(node, "status", "addresses").filter(isObject)) {
      // An external address may be an Elastic IP, which moves to green.
      if (address.type === "ExternalIP" || address.type === "ExternalDNS") continue;
      const written = textAt(address, "address") ?? "";
      if (isTelling(written)) note(written, `an address of blue's node ${node.metadata.name}`);
    }
  }
  return { namedIn: (text) => namedIn(text, places, cluster) };
}

/** Behind a public load balancer's name may be addresses of the world; its name is blue's in any case. */
function balancersOf(object: KubeObject): string[] {
  return listAt(object, "status", "loadBalancer", "ingress").flatMap((ingress) => textAt(ingress, "hostname") ?? []);
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Names such as `minikube` or `master` are words too; what has dots, or digits behind hyphens, is a node's name. */
function isTelling(name: string): boolean {
  return name.includes(".") || /-.*\d/.test(name);
}

/** Names that clusters have by their makers' rules, whichever cluster it is. */
const patterns: readonly { pattern: RegExp; is: string }[] = [
  { pattern: /^ip(-\d{1,3}){4}(\..*)?$/, is: "the internal name of an EC2 instance" },
  { pattern: /\.k8s\.local$/, is: "a name inside a kops cluster" },
  { pattern: /^oidc\.eks\..*\.amazonaws\.com(\.cn)?$/, is: "the OIDC issuer of an EKS cluster" },
  { pattern: /^[0-9A-Fa-f]{32}\..*\.eks\.amazonaws\.com(\.cn)?$/, is: "the API server of an EKS cluster" },
];

/** Texts have up to a megabyte, and each is read: no expression here goes twice over the same characters. */
function namedIn(text: string, places: ReadonlyMap<string, string>, cluster: string | undefined): Named[] {
  const found = new Map<string, Named>();
  const look = (what: string, is: string | undefined): void => {
    if (is !== undefined && !found.has(what)) found.set(what, { what, is });
  };
  // Each run of characters that addresses are made of, with a dot or hyphen in it, without those at its end.
  for (const [run] of text.matchAll(/(?<![A-Za-z0-9])[A-Za-z0-9]+[.-][A-Za-z0-9.-]*/g)) {
    const what = /[.-]$/.test(run) ? run.replace(/(?<![.-])[.-]+$/, "") : run;
    look(what, places.get(what) ?? clusterIn(what, cluster) ?? madeBy(what));
  }
  if (cluster !== undefined && /^[A-Za-z0-9]+$/.test(cluster) && clusterWord(text, cluster))
    look(cluster, "blue's name");
  for (const [run] of text.matchAll(/[0-9A-Fa-f:]{3,}/g)) {
    if (run.includes("::")) look(run, places.get(run));
  }
  return [...found.values()];
}

function madeBy(what: string): string | undefined {
  if (!/^ip-|\.local$|\.amazonaws\.com/.test(what)) return undefined;
  return patterns.find(({ pattern }) => pattern.test(what))?.is;
}

function clusterIn(what: string, cluster: string | undefined): string | undefined {
  if (cluster === undefined) return undefined;
  if (what === cluster) return "blue's name";
  return cluster.includes(".") && what.endsWith(`.${cluster}`) ? "a name of blue's" : undefined;
}

/** A plain word, such as "blue", is a cluster's name only where the text speaks of clusters right before it. */
function clusterWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text.slice(Math.max(0, at - 32), at);
    const after = text.charAt(at + word.length);
    if (/cluster[^\n]{0,20}(?<![A-Za-z0-9])$/i.test(before) && !/[A-Za-z0-9]/.test(after)) return true;
  }
  return false;
}
