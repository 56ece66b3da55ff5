import type { Table } from "../src/report/tables.js";
import type { AwsFront } from "../src/sandbox/aws/front.js";
import type { Cluster } from "./cluster.js";
import type { Row } from "./measure.js";

/** How much is measured, and how often. */
export interface Sizes {
  /** Objects of a replay, an export and a bundle: half ConfigMaps, half Secrets. */
  objects: number;
  /** Of data in each object. */
  bytes: number;
  rounds: number;
  warmUp: boolean;
  /** Names that a cutover moves. */
  records: number;
  /** Elastic IPs that it moves. */
  addresses: number;
  /** Names of the zone that is changed at once, beside octoDNS. */
  zoneRecords: number;
  /** Of a restore, which takes a minute and more: objects that are put into blue beside its production, and rounds. */
  restore: { objects: number; rounds: number };
}

/** What figures measure with. Servers are started when the first figure asks for them, and shared. */
export interface Bench {
  sizes: Sizes;
  /** A folder for what figures write. */
  folder: string;
  cluster(): Promise<Cluster>;
  aws(): Promise<AwsFront>;
  /** Has something done at the end, also at one that comes early; the last first. */
  closing(step: () => unknown): void;
  /** For people who wait. */
  log(line: string): void;
}

export interface FigureResult {
  id: string;
  /** `2000 objects of 1024 bytes` */
  size: string;
  unit: "ms" | "calls";
  rows: Row[];
  /** What a reader must know: which peer isn't there, and why. */
  notes: string[];
  /** What figures alone don't say. */
  tables?: FigureTable[];
}

export interface FigureTable {
  title: string;
  table: Table;
}

/** One thing that is measured. */
export interface Figure {
  id: string;
  /** What is compared with what, in one line. */
  what: string;
  run(bench: Bench): Promise<FigureResult>;
}
