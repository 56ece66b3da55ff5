import type { RecordSet } from "../../../model/traffic.js";
import { readMark, restored } from "./mark.js";
import { nameKey, nameOf, sameSets, setsOf } from "./record-sets.js";
import type { RecordedZone } from "./recorded.js";
import { setsAt } from "./stages.js";

export interface MarkedZone {
  run: string;
  recorded: RecordedZone;
  /** The sets as they are, their mark among them. */
  live: RecordSet[];
}

/**
 * A batch of names as it was recorded, from its mark and the zone as it is.
 *
 * @returns undefined where the mark can't be read, or the sets are at none of the shares that lead from what it says: somebody else
 *   changed them
 */
export function zoneFromMark(
  mark: RecordSet,
  zoneId: string,
  index: number,
  zone: readonly RecordSet[],
): MarkedZone | undefined {
  const read = readMark(mark);
  if (!read) return undefined;
  const before: RecordSet[] = [];
  for (const marked of read.sets) {
    const set = restored(marked, zone);
    if (!set) return undefined;
    before.push(set);
  }
  const names = [...new Map(before.map((set) => [nameKey(nameOf(set)), nameOf(set)])).values()];
  const answers = setsOf(zone, names);
  const key = index === 0 ? `route53:${zoneId}` : `route53:${zoneId}#${index + 1}`;
  const place = { kind: "route53" as const, key, zoneId, before, mark };
  if (sameSets(answers, before))
    return { run: read.run, recorded: { ...place, names: names.map(asWas(before)) }, live: [...answers, mark] };
  const green = names.map((name) => {
    const own = setsOf(answers, [name]);
    const known = new Set(setsOf(before, [name]).map(({ SetIdentifier }) => SetIdentifier ?? "clustershift-blue"));
    return own.find(
      ({ SetIdentifier = "" }) => !known.has(SetIdentifier) && SetIdentifier.startsWith("clustershift-green"),
    );
  });
  const withGreen = names.flatMap((name, at) => {
    const set = green[at];
    return set ? [nameWith(name, set)] : [];
  });
  if (withGreen.length < names.length) return undefined;
  // What was prepared has other TTLs, and the shift goes by these.
  const base = before.map((set) => {
    const now = answers.find(
      (each) =>
        nameKey(nameOf(each)) === nameKey(nameOf(set)) &&
        each.SetIdentifier === (set.SetIdentifier ?? "clustershift-blue"),
    );
    return set.TTL === undefined || now?.TTL === undefined ? set : { ...set, TTL: now.TTL };
  });
  const recorded: RecordedZone = { ...place, names: withGreen, ...(!sameSets(base, before) && { base }) };
  const live = [...answers, mark];
  const shares = Array.from({ length: 100 }, (_, at) => at + 1);
  return shares.some((share) => sameSets(setsAt(recorded, share), live))
    ? { run: read.run, recorded, live }
    : undefined;
}

type Named = RecordedZone["names"][number];

function nameWith(name: ReturnType<typeof nameOf>, { AliasTarget, ResourceRecords, HealthCheckId }: RecordSet): Named {
  const green = AliasTarget ?? (ResourceRecords ?? []).map(({ Value }) => Value);
  return { ...name, green, ...(HealthCheckId !== undefined && { healthCheckId: HealthCheckId }) } as Named;
}

/** Where green has no answer yet, only the mark has to go: what green's would be doesn't matter. */
function asWas(before: readonly RecordSet[]): (name: ReturnType<typeof nameOf>) => Named {
  return (name) => nameWith(name, setsOf(before, [name])[0] ?? ({} as RecordSet));
}
