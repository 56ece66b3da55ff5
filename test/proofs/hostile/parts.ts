import type { Limits } from "../../../src/velero/limits.js";
import type { Tamper } from "../../velero/tampering.js";
import type { RawEntry } from "./raw-tar.js";

/** A backup that nobody should take, and what the refusal has to name. */
export interface Hostile {
  /** By name, in the backup's folder; the archive is nightly.tar.gz. */
  files: Record<string, Buffer>;
  names: RegExp;
  /** Lower than the real ones, where reaching those would take minutes. */
  limits?: Partial<Limits>;
  /** What the object store makes of its answers. */
  tamper?: Tamper;
}

export interface Dice {
  random: () => number;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  pick<T>(choices: readonly T[]): T;
  /** Small letters. */
  word(): string;
  /** Outside of the backup, and watched: where an archive that writes would write. */
  outside: string;
}

export interface Family {
  name: string;
  make(dice: Dice): Hostile;
}

export const archiveName = "nightly.tar.gz";
export const version: RawEntry = { name: "metadata/version", content: "1.1.0" };
export const maps = "resources/configmaps/namespaces/shop";

export function configMap(name: string, more: object = {}): RawEntry {
  const content = JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "shop", name },
    ...more,
  });
  return { name: `${maps}/${name}.json`, content };
}

/** Some that nobody could object to. */
export function harmless({ between, word }: Dice): RawEntry[] {
  return Array.from({ length: between(1, 6) }, (_, n) => configMap(`${word()}-${n}`, { data: { text: word() } }));
}

export function archive(bytes: Buffer): Record<string, Buffer> {
  return { [archiveName]: bytes };
}
