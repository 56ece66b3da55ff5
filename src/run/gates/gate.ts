import type { ExitCodeName } from "../../model/exit-codes.js";
import type { HealthRules } from "../../model/health.js";
import type { ApprovalRules } from "../approval/judge.js";
import type { Evidence } from "../evidence.js";

/** Evidence that must hold. A gate that can't be checked refuses. */
export interface Gate {
  /** What --force names, and the exit code's name. */
  id: ExitCodeName;
  check(evidence: Evidence, limits: Limits): Refusal | undefined;
}

export interface Refusal {
  what: string;
  /** The command that gets the missing evidence. */
  fix: string;
}

/** From the configuration; times in milliseconds. */
export interface Limits {
  approval: ApprovalRules;
  health: HealthRules;
  rehearsalMaxAge: number;
  bundleMaxAge: number;
  /** Commands that ask for a backup that was restored, and how old it may be for a cutover. */
  backup: { require: readonly ("cutover" | "teardown")[]; maxAge: number };
  smokeMaxAge: number;
  soak: number;
  /** Names of the sources that must have seen blue quiet. */
  leftover: { sources: readonly string[]; quietFor: number; maxAge: number };
  /** What the records' TTL is to be during the shift; undefined where it may stay as it is. */
  ttl?: number;
}

export const refuse = (what: string, fix: string): Refusal => ({ what, fix });
