import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { compareText } from "../model/canonical.js";
import type { RecordSet } from "../model/traffic.js";
import type { Call } from "./call.js";

/** Route 53 gives no more in one answer. */
const mostOfPage = 300;
/** One name and type has no more sets than that. */
const mostOfName = 100;

type Start = Pick<ListResourceRecordSetsCommandOutput, "NextRecordName" | "NextRecordType" | "NextRecordIdentifier">;
type Page = (start: Start, mostItems?: number) => Promise<ListResourceRecordSetsCommandOutput>;

/** Reads pages of a zone's record sets, each of one call. */
export function pagesOf(client: Route53Client, call: Call, zoneId: string): Page {
  return (start, mostItems) =>
    call({ action: "ListResourceRecordSets", resource: `hosted zone ${zoneId}` }, () =>
      client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          StartRecordName: start.NextRecordName,
          StartRecordType: start.NextRecordType,
          StartRecordIdentifier: start.NextRecordIdentifier,
          MaxItems: mostItems,
        }),
      ),
    );
}

/** Every record set of the zone. */
export async function allRecordSets(page: Page): Promise<RecordSet[]> {
  const sets = new Sets();
  for (let next: Start = {}; ; ) {
    const answer = await page(next);
    sets.add(answer);
    if (!answer.IsTruncated) return sets.all();
    next = answer;
  }
}

/**
 * All sets of these names, of every type, in few calls: from the first name on, and then from the first one that no page
 * has covered. What lies between two names that are far apart is never read.
 *
 * The documented order, by labels from the last to the first, decides only how many calls are made: a page that isn't in
 * that order says nothing of the names that it lacks, and these are then asked for one by one.
 */
export async function recordSetsOf(page: Page, names: readonly string[]): Promise<RecordSet[]> {
  const sets = new Sets();
  const wanted = new Set([...names.map(canonical)].sort((a, b) => compareText(listedAs(a), listedAs(b))));
  const left = new Set(wanted);
  for (const name of left) {
    let next: Start = { NextRecordName: name };
    for (;;) {
      const answer = await page(next, left.size === 1 ? mostOfName + 1 : mostOfPage);
      sets.add(answer);
      const listed = (answer.ResourceRecordSets ?? []).map(({ Name = "" }) => canonical(Name));
      const following = answer.IsTruncated ? canonical(answer.NextRecordName ?? "") : undefined;
      for (const each of coveredBy(left, name, listed, following)) left.delete(each);
      // A name that the page's end cuts through goes on right there, if it is one of ours; so does one that is still to come.
      if (following === undefined || !left.has(following)) break;
      if (following !== name && !listed.includes(following)) break;
      next = answer;
    }
    left.delete(name);
  }
  return sets.all().filter(({ Name }) => wanted.has(canonical(Name)));
}

/** Of the names that are left, those of which a page says everything: it lists them whole, or would have listed them. */
function coveredBy(left: ReadonlySet<string>, from: string, listed: string[], following: string | undefined): string[] {
  const order = [...new Set(listed), ...(following === undefined || listed.includes(following) ? [] : [following])];
  const isSorted = order.every((name, index) => index === 0 || listedAs(order[index - 1] ?? "") < listedAs(name));
  const isBetween = (name: string) => precedes(from, name) && (following === undefined || precedes(name, following));
  return [...left].filter((name) => name !== following && (listed.includes(name) || (isSorted && isBetween(name))));
}

/**
 * Whether one name is listed before another whichever way the final dot counts: a page that shows few names doesn't tell, and
 * emulators list `app` before `app-1`.
 */
function precedes(a: string, b: string): boolean {
  return listedAs(a) < listedAs(b) && listedAs(a).slice(0, -1) < listedAs(b).slice(0, -1);
}

/** `app.acme.example.` as `example.acme.app.`: Route 53 lists in this order, the final dot included. */
function listedAs(name: string): string {
  return `${name.split(".").slice(0, -1).reverse().join(".")}.`;
}

function canonical(name: string): string {
  const lower = name.toLowerCase().replaceAll("\\052", "*");
  return lower.endsWith(".") ? lower : `${lower}.`;
}

/** By identity: a set that moves to the next page while the pages are read must not count twice. */
class Sets {
  readonly #sets = new Map<string, RecordSet>();

  add({ ResourceRecordSets = [] }: ListResourceRecordSetsCommandOutput): void {
    for (const set of ResourceRecordSets) {
      this.#sets.set(JSON.stringify([set.Name, set.Type, set.SetIdentifier]), plain(set));
    }
  }

  /**
   * Names and types as they were listed, and the sets of one by identifier: Route 53 lists them so, emulators as they were
   * made. What is recorded, compared and written of a name is then the same each time.
   */
  all(): RecordSet[] {
    const places = new Map<string, number>();
    const placed = [...this.#sets.values()].map((set) => {
      const key = `${set.Name} ${set.Type}`;
      const place = places.get(key) ?? places.size;
      places.set(key, place);
      return { place, set };
    });
    return placed
      .sort((a, b) => a.place - b.place || compareText(a.set.SetIdentifier ?? "", b.set.SetIdentifier ?? ""))
      .map(({ set }) => set);
  }
}

/** Without the members that the SDK sets to undefined: what is recorded as JSON and what is compared are then the same. */
function plain(set: ResourceRecordSet): RecordSet {
  return JSON.parse(JSON.stringify(set)) as RecordSet;
}
