import type { ExternalDns } from "../model/external-dns.js";
import { at, listAt, objectAt, textAt } from "../model/json.js";
import { type KubeObject, refOf } from "../model/objects.js";
import { actors, imageNames, isActor } from "./holds/actors.js";

const actor = actors.find(({ id }) => id === "external-dns");

/** What an object runs as external-dns; undefined where it isn't one. A ReplicaSet of a Deployment is the Deployment's. */
export function externalDnsOf(object: KubeObject): ExternalDns | undefined {
  if (!actor || !isActor(actor, object)) return undefined;
  if (object.metadata.ownerReferences?.some(({ controller }) => controller)) return undefined;
  const containers = listAt(objectAt(object, "spec", "template", "spec"), "containers");
  const own = containers.find((container) => actor.images.some((image) => imageNames(container, image)));
  const flags = new Flags(own ?? containers[0]);
  const [provider, owner] = [flags.text("provider"), flags.text("txt-owner-id")];
  const [matching, notMatching] = [flags.text("regex-domain-filter"), flags.text("regex-domain-exclusion")];
  const types = flags.list("managed-record-types");
  return {
    object: refOf(object),
    runs: Number(at(object, "spec", "replicas") ?? 1) > 0 || Number(at(object, "status", "replicas") ?? 0) > 0,
    ...(provider && { provider }),
    policy: flags.text("policy") || "sync",
    registry: flags.text("registry") || "txt",
    encrypted: flags.isSet("txt-encrypt-enabled"),
    dryRun: flags.isSet("dry-run"),
    ...(!flags.unread.has("txt-owner-id") && { owner: owner || "default" }),
    recordTypes: types.length > 0 ? types : ["A", "AAAA", "CNAME"],
    domains: {
      include: flags.list("domain-filter"),
      exclude: flags.list("exclude-domains"),
      ...(matching && { matching }),
      ...(notMatching && { notMatching }),
    },
    zoneIds: flags.list("zone-id-filter"),
    zoneType: flags.text("aws-zone-type") ?? "",
    prefix: flags.text("txt-prefix") ?? "",
    suffix: flags.text("txt-suffix") ?? "",
    wildcard: flags.text("txt-wildcard-replacement") ?? "",
    unread: [...flags.unread],
  };
}

/** A container's flags: `--flag=value`, `--flag value`, and `EXTERNAL_DNS_FLAG` in its environment, which counts less. */
class Flags {
  /** Those that were asked for, and whose value isn't written in the object. */
  readonly unread = new Set<string>();
  readonly #words: string[];
  readonly #environment = new Map<string, string | undefined>();

  constructor(container: unknown) {
    this.#words = [...listAt(container, "command"), ...listAt(container, "args")].map(String);
    for (const variable of listAt(container, "env")) {
      const name = textAt(variable, "name");
      const isElsewhere = at(variable, "valueFrom") !== undefined;
      if (name !== undefined) this.#environment.set(name, isElsewhere ? undefined : (textAt(variable, "value") ?? ""));
    }
  }

  text(flag: string): string | undefined {
    return this.#values(flag).at(-1);
  }

  list(flag: string): string[] {
    return this.#values(flag).flatMap((value) => value.split(/[\n,]/).filter((each) => each.trim() !== ""));
  }

  isSet(flag: string): boolean {
    const last = this.#words.findLast((word) => [`--${flag}`, `--no-${flag}`].includes(word.split("=")[0] ?? ""));
    if (last !== undefined) return last.startsWith(`--${flag}`) && !last.endsWith("=false");
    return ["1", "true"].includes(this.#environment.get(variableOf(flag)) ?? "");
  }

  #values(flag: string): string[] {
    const given = this.#words.flatMap((word, index) => {
      if (word.startsWith(`--${flag}=`)) return [word.slice(flag.length + 3)];
      return word === `--${flag}` ? [this.#words[index + 1] ?? ""] : [];
    });
    if (given.length > 0) return given.flatMap((value) => this.#resolved(flag, value));
    const variable = variableOf(flag);
    if (!this.#environment.has(variable)) return [];
    return this.#resolved(flag, `$(${variable})`);
  }

  /** Kubernetes puts variables in the place of `$(NAME)`. */
  #resolved(flag: string, value: string): string[] {
    const names = [...value.matchAll(/\$\(([A-Za-z_][\w.-]*)\)/g)].map(([, name = ""]) => name);
    if (names.some((name) => this.#environment.has(name) && this.#environment.get(name) === undefined)) {
      this.unread.add(flag);
      return [];
    }
    return [value.replace(/\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string) => this.#environment.get(name) ?? whole)];
  }
}

function variableOf(flag: string): string {
  return `EXTERNAL_DNS_${flag.toUpperCase().replaceAll("-", "_")}`;
}
