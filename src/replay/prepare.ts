import type { Outcome } from "../model/accounting.js";
import type { Finding } from "../model/finding.js";
import { type KubeObject, kindKey, refKey, refOf } from "../model/objects.js";
import { type Deciding, type Departure, journeyOf } from "./journey.js";
import { type ArrivingOwner, settleOwners } from "./owners.js";

export type { Departure } from "./journey.js";

/** What is to become of blue's objects, before anything is written. */
export interface Prepared {
  departures: Departure[];
  /** The outcome of each source that has departures, should all of them arrive. By `refKey` of the source. */
  promised: Map<string, Outcome>;
  /** Sources whose outcome is already known: skipped, derived, dropped, or failed for want of a version. */
  settled: Outcome[];
  /** What migrations and changes have to say to a person. */
  findings: Finding[];
}

export interface PrepareOptions extends Deciding {
  /** Owners, by blue's UID, that green has already: follow knows them from the replay. */
  arrived?: (uid: string) => ArrivingOwner | undefined;
}

/** Decides over each object, and settles which owners come along. Pure. Each object is in `promised` or in `settled`, once. */
export function prepare(objects: Iterable<KubeObject>, options: PrepareOptions): Prepared {
  const prepared: Prepared = { departures: [], promised: new Map(), settled: [], findings: [] };
  const choices = new Map(options.choices.map((choice) => [kindKey(choice.groupKind), choice]));
  for (const object of objects) {
    const source = refOf(object);
    const { departures, outcome, findings } = journeyOf(object, choices.get(kindKey(source)), options);
    prepared.findings.push(...findings);
    prepared.departures.push(...departures);
    if (departures.length === 0) prepared.settled.push(outcome);
    else prepared.promised.set(refKey(source), outcome);
  }
  return withOwnersSettled(prepared, options.arrived);
}

/** References to what doesn't arrive are taken off, and the outcome says so. */
function withOwnersSettled(prepared: Prepared, arrived?: PrepareOptions["arrived"]): Prepared {
  const arriving = new Map<string, KubeObject>();
  // Of several objects from one source the first is the owner: it's the one that takes its place.
  for (const { uid, object } of prepared.departures) if (uid && !arriving.has(uid)) arriving.set(uid, object);

  const departures = prepared.departures.map((departure) => {
    const { object, removed } = settleOwners(departure.object, (uid) => arriving.get(uid) ?? arrived?.(uid));
    const outcome = prepared.promised.get(refKey(departure.source));
    if (removed.length > 0 && outcome) addReason(outcome, ownersRemoved(removed.map(refKey)));
    return { ...departure, object };
  });
  return { ...prepared, departures };
}

export function ownersRemoved(owners: readonly string[]): string {
  return `Its reference to its owner was taken off, since the owner doesn't arrive: ${owners.join(", ")}.`;
}

export function addReason(outcome: Outcome, reason: string): void {
  outcome.reason = outcome.reason === undefined ? reason : `${outcome.reason} ${reason}`;
}
