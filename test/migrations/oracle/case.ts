import type fc from "fast-check";
import type { JsonObject, KubeObject } from "../../../src/model/objects.js";
import type { KubernetesVersion } from "../../../src/sandbox/binaries/versions.js";

/** One migration, a server that serves what it reads and what it writes, and random objects for both. */
export interface OracleCase {
  /** The migration's id. */
  migration: string;
  server: KubernetesVersion;
  /** Valid objects in an old version, less apiVersion, kind and name. */
  body(apiVersion: string): fc.Arbitrary<JsonObject>;
  /** For kinds whose name depends on what is in them. */
  named?(body: JsonObject, name: string): { name: string; body: JsonObject };
  /** What we give deliberately otherwise than the server's own conversion, made equal. Applied to both. */
  declared?(object: KubeObject): KubeObject;
  /** What we drop deliberately, seen as the server shows it in the old version. */
  drops?(old: KubeObject): boolean;
  /** Objects on the server at a time, 250 unless told otherwise. */
  atOnce?: number;
}
