import type { SmokeCheckConfig } from "../config/schema.js";
import type { KubeReader } from "../kube/api.js";
import type { ParityReport } from "../model/accounting.js";
import type { Clock } from "../model/clock.js";
import type { CheckResult } from "../model/smoke.js";

/** A node of green that answers for its group, e.g. by an address of its own. */
export interface GroupNode {
  name: string;
  zone: string;
  address: string;
}

/** What checks need of green and of the world. */
export interface SmokeContext {
  /** Green's outputs by name, e.g. `ingress`. */
  addresses: Readonly<Record<string, string>>;
  /** Green's nodes by group. */
  nodes: Readonly<Record<string, readonly GroupNode[]>>;
  green: KubeReader;
  /** Compares blue and green; absent where there is nothing to compare with. */
  parity?: () => Promise<ParityReport>;
  /** For each single network check, milliseconds. */
  timeoutMs: number;
  clock: Clock;
  signal?: AbortSignal;
}

export type Outcome = Pick<CheckResult, "outcome" | "detail">;

/** One kind of check: what it saw, in a sentence. What it throws is inconclusive: the check could not be made. */
export type Checker<Kind extends SmokeCheckConfig["kind"]> = (
  check: Extract<SmokeCheckConfig, { kind: Kind }>,
  context: SmokeContext,
) => Promise<Outcome>;

export const passed = (detail: string): Outcome => ({ outcome: "passed", detail });
export const failed = (detail: string): Outcome => ({ outcome: "failed", detail });
export const inconclusive = (detail: string): Outcome => ({ outcome: "inconclusive", detail });
