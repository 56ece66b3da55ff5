import type { ObjectRef } from "./objects.js";

/** How a registry names its TXT records: parts beside the record's own name, of which only one of the first two is set. */
export interface TxtAffix {
  /** `--txt-prefix`, which may have `%{record_type}` in it. */
  prefix: string;
  /** `--txt-suffix`, after the first label. */
  suffix: string;
  /** `--txt-wildcard-replacement`, in the place of `*`. */
  wildcard: string;
}

/** One external-dns, by its own arguments and environment; each default is its own. */
export interface ExternalDns extends TxtAffix {
  object: ObjectRef;
  /** False at 0 replicas, once none is left. */
  runs: boolean;
  /** `aws` is Route 53; undefined where nothing says it. */
  provider?: string;
  /** `sync`, `upsert-only`, `create-only` */
  policy: string;
  /** `txt`, `noop`, `dynamodb`, … */
  registry: string;
  encrypted: boolean;
  dryRun: boolean;
  /** Undefined where it comes from somewhere that isn't read, such as a Secret. */
  owner?: string;
  recordTypes: string[];
  domains: { include: string[]; exclude: string[]; matching?: string; notMatching?: string };
  zoneIds: string[];
  /** `public` or `private`; empty for both. */
  zoneType: string;
  /** Names of its flags whose values come from somewhere that isn't read. */
  unread: string[];
}

/** What a shift has to know of the registries of both clusters. */
export interface DnsRegistry {
  affixes: readonly TxtAffix[];
  /** Owner ids of blue's, each with that of green's which follows it, where that is another one. */
  owners: Readonly<Record<string, string>>;
}

/** A name that moves, whose registry says that an external-dns manages it. */
export interface OwnedName {
  name: string;
  type: string;
  /** Of one of several weighted sets. */
  setIdentifier?: string;
  owner: string;
  /** `ingress/shop/web` */
  resource?: string;
  /** Name of the TXT record that says so. */
  txt: string;
}

/** An external-dns that would write over what a shift writes, and which names. */
export interface DnsWriter {
  cluster: "blue" | "green";
  object: ObjectRef;
  runs: boolean;
  policy: string;
  owner?: string;
  /** `app.acme.example. A` */
  names: string[];
  /** After `it`, in people's words. */
  why: string;
}

/** Who else writes the names that move. */
export interface DnsWriters {
  /** Names that move and that some external-dns manages, whichever. */
  owned: OwnedName[];
  writers: DnsWriter[];
}

/** Both clusters and the zones, looked at just now. */
export interface DnsLook extends DnsWriters {
  registry: DnsRegistry;
  /** Why there is nothing to be seen. */
  error?: string;
}
