import type { CloudWatch } from "../aws/cloudwatch.js";
import type { Config } from "../config/schema.js";
import type { Clock } from "../model/clock.js";
import type { CheckResult } from "../model/smoke.js";

export type AnalysisConfig = Config["traffic"]["analysis"][number];

/** What the evidence is about: what queries can name, and commands are told. */
export interface Step {
  /** The stage's: `share/25`; `analyse` outside a cutover. */
  id: string;
  /** Green's share of the traffic, percent. */
  share: number;
  /** Empty where there is no run yet. */
  run: string;
  /** Names of the clusters. */
  blue: string;
  green: string;
}

/** What checks need of the world. */
export interface AnalysisContext {
  step: Step;
  /** Green's outputs by name, e.g. `ingress`. */
  addresses: Readonly<Record<string, string>>;
  /** Folder that files and commands of the configuration are relative to. */
  dir: string;
  env: NodeJS.ProcessEnv;
  /** In this region, or in the configuration's; who opens it closes it. */
  openCloudWatch(region: string | undefined): Promise<CloudWatch>;
  clock: Clock;
  signal?: AbortSignal;
}

export type Outcome = Pick<CheckResult, "outcome" | "detail">;

/** One kind of check: what it saw, in a sentence. What it throws is inconclusive: the check could not be made. */
export type Checker<Kind extends AnalysisConfig["kind"]> = (
  check: Extract<AnalysisConfig, { kind: Kind }>,
  context: AnalysisContext,
) => Promise<Outcome>;

export const passed = (detail: string): Outcome => ({ outcome: "passed", detail });
export const failed = (detail: string): Outcome => ({ outcome: "failed", detail });
export const inconclusive = (detail: string): Outcome => ({ outcome: "inconclusive", detail });
