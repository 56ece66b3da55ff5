import type { ChangeKind, StackChange } from "../model/stack-change.js";
import { usualDuration, usualStage } from "./durations.js";

/** What is seen of one resource while the engine works. */
export interface Seen {
  name: string;
  type: string;
  /** The engine's word: create, create-replacement, … */
  op: string;
  done: boolean;
  failed: boolean;
}

export interface Course {
  done: number;
  total: number;
  /** What the engine is at, and for how long in milliseconds; the longest first. */
  busy: { name: string; type: string; ms: number }[];
  leftMs: number;
}

interface Leg {
  type: string;
  kind: ChangeKind;
  startedAt?: number;
  ended: boolean;
}

/** An update as it comes along, by the preview's resources and what was measured since. Times are handed in, in milliseconds. */
export class UpdateCourse {
  readonly #legs = new Map<string, Leg>();
  /** By type and kind: how long each one took in this run. */
  readonly #measured = new Map<string, number[]>();

  constructor(changes: readonly StackChange[]) {
    for (const { type, name, kind } of changes)
      if (kind !== "same" && !isWrapping(type)) this.#legs.set(keyOf({ type, name }), { type, kind, ended: false });
  }

  /** Milliseconds that the resource took, where this is its end. */
  see({ op, done, failed, ...which }: Seen, now: number): number | undefined {
    const leg = this.#legs.get(keyOf(which));
    if (!leg || leg.ended) return undefined;
    leg.startedAt ??= now;
    // A replacement is told in three parts, and over once the new one is there.
    if (!done || (leg.kind === "replace" && op !== "create-replacement" && !failed)) return undefined;
    leg.ended = true;
    const took = now - leg.startedAt;
    const known = this.#measured.get(measureOf(leg)) ?? [];
    if (!failed) this.#measured.set(measureOf(leg), [...known, took]);
    return took;
  }

  at(now: number): Course {
    const legs = [...this.#legs];
    const busy = legs.flatMap(([key, { type, startedAt, ended }]) =>
      startedAt === undefined || ended ? [] : [{ name: key.slice(type.length + 1), type, ms: now - startedAt }],
    );
    return {
      done: legs.filter(([, { ended }]) => ended).length,
      total: legs.length,
      busy: busy.sort((a, b) => b.ms - a.ms),
      leftMs: this.#left(now),
    };
  }

  /** The longest of each stage that isn't over, one stage after the other. */
  #left(now: number): number {
    const stages = new Map<number, number>();
    for (const leg of this.#legs.values()) {
      if (leg.ended) continue;
      const stage = usualStage(leg.type);
      const whole = this.#expected(leg);
      // What takes longer than expected isn't over because of that.
      const left = leg.startedAt === undefined ? whole : Math.max(whole - (now - leg.startedAt), whole / 10);
      stages.set(stage, Math.max(stages.get(stage) ?? 0, left));
    }
    return [...stages.values()].reduce((sum, each) => sum + each, 0);
  }

  #expected(leg: Leg): number {
    const measured = this.#measured.get(measureOf(leg));
    if (!measured) return usualDuration(leg.type, leg.kind);
    return measured.reduce((sum, each) => sum + each, 0) / measured.length;
  }
}

/** The stack and its components have no time of their own: they end when what is in them has ended. */
function isWrapping(type: string): boolean {
  return /^(pulumi:pulumi|clustershift):/.test(type);
}

function keyOf({ type, name }: { type: string; name: string }): string {
  return `${type} ${name}`;
}

function measureOf({ type, kind }: Leg): string {
  return `${kind} ${type}`;
}
