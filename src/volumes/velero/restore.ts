import { at, filledAt, listAt } from "../../model/json.js";
import { type RestoredClaim, restoredEvent, restoredIn } from "../../model/restored.js";
import { claimName, type PlannedVolume } from "../../model/volumes.js";
import {
  claims,
  configMaps,
  isRefusal,
  onGreen,
  Refused,
  throwIfStopped,
  type VolumeOutcome,
  waitFor,
} from "../edges.js";
import { lastOf } from "../step.js";
import { type Attempt, nextAttempt, openAttempts } from "./attempts.js";
import { checkRestored, isBinding, restoreLabel, wordsOfOther } from "./check.js";
import { dismissPods } from "./dismiss.js";
import { type RestoreRemark, restores, type VeleroEdges, type VeleroTerms } from "./edges.js";
import { groupsOf } from "./group.js";
import { isAbout, remarksOf, wordsOf } from "./remarks.js";

/** Restores that are with Velero at once: it works at one, and hands parts of others on. */
const atOnce = 4;
/** Milliseconds between two looks. */
const pause = 1_000;
/** How long Kubernetes may take to bind what Velero has made, in milliseconds. */
const bindingPatience = 120_000;

export interface RestoreReport {
  outcomes: VolumeOutcome[];
  /** Restores of this call that have ended, with Velero's words. */
  restores: { name: string; phase: string; errors: string[]; warnings: string[] }[];
}

/**
 * Has green's Velero restore claims with what lies in their volumes, and looks at what came. Nothing that green has is touched. Called again,
 * also after kill -9, it goes on with what isn't done, and makes nothing twice; what failed is tried anew. What is refused is told of the
 * one claim, and the others go on.
 *
 * @throws UserError `interrupted`
 */
export async function restoreVolumes(
  planned: readonly PlannedVolume[],
  terms: VeleroTerms,
  edges: VeleroEdges,
): Promise<RestoreReport> {
  const { journal } = edges;
  const work = new Work(planned, terms, edges);
  await work.carryOut(openAttempts(journal.entries()));
  const { there, due } = await work.lookAround();
  if (due.length > 0) {
    const backup = await edges.backup();
    const { groups, refused } = groupsOf(due, there, backup);
    for (const [claim, why] of refused) work.failed.set(claim, why);
    const named = { run: terms.run, namespace: terms.namespace, backup: backup.name };
    await work.carryOut(groups.map((group) => nextAttempt(group, journal.entries(), named)));
  }
  return {
    restores: work.ended,
    outcomes: planned.map((each): VolumeOutcome => {
      const name = claimName(each);
      const restored = work.restored.get(name);
      const why = work.failed.get(name) ?? (restored ? undefined : "it was not restored");
      if (why !== undefined) return { claim: each.claim, failed: why };
      return { claim: each.claim, ...(restored?.handle !== undefined && { handle: restored.handle }) };
    }),
  };
}

/** One call's work, and what has become of each claim so far. */
class Work {
  readonly restored: Map<string, RestoredClaim>;
  readonly failed = new Map<string, string>();
  readonly ended: RestoreReport["restores"] = [];
  readonly #byName: ReadonlyMap<string, PlannedVolume>;

  constructor(
    planned: readonly PlannedVolume[],
    readonly terms: VeleroTerms,
    readonly edges: VeleroEdges,
  ) {
    this.restored = new Map(restoredIn(edges.journal.entries(), terms.clusterId));
    this.#byName = new Map(planned.map((each) => [claimName(each), each]));
  }

  /** What green has of these claims already, and what is to be restored. Somebody may have restored one by hand. */
  async lookAround(): Promise<{ there: PlannedVolume[]; due: PlannedVolume[] }> {
    const [there, due]: [PlannedVolume[], PlannedVolume[]] = [[], []];
    for (const [name, planned] of this.#byName) {
      if (this.failed.has(name)) continue;
      throwIfStopped(this.edges.signal);
      const ref = onGreen(planned);
      const live = await this.edges.green.get(claims, ref.name, ref.namespace);
      if (!live) {
        this.restored.delete(name);
        due.push(planned);
        continue;
      }
      there.push(planned);
      if (live.metadata.deletionTimestamp !== undefined) {
        this.failed.set(name, "its claim is being deleted on green, and isn't gone yet");
        continue;
      }
      if (this.restored.has(name)) continue;
      const restore = live.metadata.labels?.[restoreLabel];
      if (restore !== undefined) await this.#take(planned, restore);
      else this.failed.set(name, wordsOfOther(filledAt(live, "spec", "volumeName")));
    }
    return { there, due };
  }

  /** A few at once, each to its end. */
  async carryOut(attempts: readonly Attempt[]): Promise<void> {
    const { clock, signal, onProgress } = this.edges;
    const waiting = [...attempts];
    let going: Attempt[] = [];
    const until = clock.now() + this.terms.timeoutMs;
    for (let told = ""; ; ) {
      throwIfStopped(signal);
      for (const next of waiting.splice(0, atOnce - going.length)) if (await this.#begin(next)) going.push(next);
      const words: string[] = [];
      for (const each of going) {
        const left = await this.#look(each, clock.now() >= until);
        if (left === undefined) going = going.filter((other) => other !== each);
        else words.push(left);
      }
      if (going.length === 0 && waiting.length === 0) return;
      const line = [...words, ...(waiting.length > 0 ? [`${waiting.length} more to begin`] : [])].join("; ");
      if (line !== told) onProgress?.(line);
      told = line;
      await clock.sleep(pause, signal).catch((error: unknown) => {
        throwIfStopped(signal);
        throw error;
      });
    }
  }

  /** Whether Velero has it now. */
  async #begin(attempt: Attempt): Promise<boolean> {
    const { green, journal } = this.edges;
    const { step, restore, modifiers, claims: names } = attempt;
    const { name, namespace = "" } = restore.metadata;
    if (lastOf(journal.entries(), step)?.type !== "intent")
      await journal.append({
        ...{ type: "intent", step, phase: "volumes", target: `Restore ${namespace}/${name}`, before: null },
        what: `have green's Velero restore ${names.join(", ")}`,
        after: attempt,
      });
    const options = { namespace, fieldManager: "clustershift" };
    try {
      if (await green.get(restores, name, namespace)) return true;
      if (modifiers) {
        // A Velero that doesn't know the field loses it without a word, and blue's Pods would start as they are.
        const taken = await green.create(restores, restore, { ...options, dryRun: true });
        if (at(taken, "spec", "resourceModifier") === undefined)
          throw new Refused("its Velero knows no resource modifiers, and would start blue's Pods: 1.13 or later does");
        if (!(await green.get(configMaps, name, namespace))) await green.create(configMaps, modifiers, options);
      }
      await green.create(restores, restore, options);
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await this.#fail(attempt, `green refuses the Restore ${name}: ${error.message}`);
      return false;
    }
  }

  /** How far it is, in words; undefined once nothing more is to be waited for. */
  async #look(attempt: Attempt, late: boolean): Promise<string | undefined> {
    const { name, namespace = "" } = attempt.restore.metadata;
    const live = await this.edges.green.get(restores, name, namespace);
    if (!live) {
      await this.#fail(attempt, `somebody deleted the Restore ${name} on green`);
      return undefined;
    }
    const phase = filledAt(live, "status", "phase") ?? "New";
    if (["Completed", "PartiallyFailed", "Failed", "FailedValidation"].includes(phase)) {
      await this.#settle(attempt, phase, listAt(live, "status", "validationErrors").map(String));
      return undefined;
    }
    const done = Number(at(live, "status", "progress", "itemsRestored") ?? 0);
    const total = at(live, "status", "progress", "totalItems");
    const words = `${name} is ${phase}${total === undefined ? "" : `, ${done} of ${total} items`}`;
    if (!late) return words;
    // It goes on without us, and so does the next call.
    for (const claim of attempt.claims) this.failed.set(claim, `Velero has not ended in time: ${words}`);
    return undefined;
  }

  async #settle(attempt: Attempt, phase: string, invalid: readonly string[]): Promise<void> {
    const { journal } = this.edges;
    const { name } = attempt.restore.metadata;
    const remarks = phase === "FailedValidation" ? [] : await remarksOf(name, this.edges);
    const of = (severity: RestoreRemark["severity"]) => remarks.filter((each) => each.severity === severity);
    const errors = [...invalid, ...of("error").map(wordsOf)];
    const warnings = of("warning").map(wordsOf);
    const planned = attempt.claims.flatMap((claim) => this.#byName.get(claim) ?? []);
    if (phase === "Completed" || phase === "PartiallyFailed") {
      const came: PlannedVolume[] = [];
      for (const each of planned) {
        const said = of("error").filter(({ text }) => isAbout(text, each));
        if (said.length === 0) came.push(each);
        else this.failed.set(claimName(each), said.map(({ text }) => text).join("; "));
      }
      await this.#untilBound(came);
      for (const each of came) await this.#take(each, name);
    } else {
      const why = `Velero ended ${name} as ${phase}${errors.length > 0 ? `: ${errors.join("; ")}` : ""}`;
      for (const each of planned) this.failed.set(claimName(each), why);
    }
    warnings.push(...(await dismissPods(attempt, this.edges)));
    this.ended.push({ name, phase, errors, warnings });
    const lost = planned.flatMap((each) => {
      const why = this.failed.get(claimName(each));
      return why === undefined ? [] : [`${claimName(each)}: ${why}`];
    });
    await journal.append(
      lost.length > 0
        ? { type: "failed", step: attempt.step, error: `${name} is ${phase}. ${lost.join("; ")}` }
        : { type: "done", step: attempt.step, result: { restore: name, phase, errors: errors.length } },
    );
  }

  async #untilBound(planned: readonly PlannedVolume[]): Promise<void> {
    const { clock, green } = this.edges;
    const look = async (): Promise<PlannedVolume[]> => {
      const left: PlannedVolume[] = [];
      for (const each of planned) if (await isBinding(each, green)) left.push(each);
      return left;
    };
    await waitFor("claim(s) to be bound", look, clock.now() + bindingPatience, this.edges);
  }

  /** Looks at what came, and keeps it in the journal where it is sound. */
  async #take(planned: PlannedVolume, restore: string): Promise<void> {
    const name = claimName(planned);
    try {
      const data = await checkRestored(planned, restore, this.terms, this.edges);
      await this.edges.journal.append({ ...restoredEvent, data });
      this.restored.set(name, data);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const isOurs = error instanceof Refused;
      this.failed.set(
        name,
        isOurs ? `${error.message}. Delete the claim on green, and it's tried anew` : error.message,
      );
    }
  }

  async #fail(attempt: Attempt, why: string): Promise<void> {
    const { step, claims: names } = attempt;
    const left = await dismissPods(attempt, this.edges);
    await this.edges.journal.append({ type: "failed", step, error: [why, ...left].join("; ") });
    for (const name of names) this.failed.set(name, why);
  }
}
