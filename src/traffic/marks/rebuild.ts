import type { AwsApi } from "../../aws/api.js";
import { UserError } from "../../model/errors.js";
import type { JournalRecord } from "../../model/journal.js";
import { loadBalancerKey } from "../../model/load-balancer.js";
import type { ManualTarget } from "../../model/manual.js";
import { targetKey } from "../../model/traffic.js";
import type { StartedShift } from "../history.js";
import { sameAssociation } from "../targets/elastic-ip/address.js";
import { addressFromTag } from "../targets/elastic-ip/tag.js";
import type { RecordedTarget } from "../targets/index.js";
import { sameActions } from "../targets/load-balancer/actions.js";
import { liveActions } from "../targets/load-balancer/listener.js";
import { balancerFromTag } from "../targets/load-balancer/tag.js";
import { zoneFromMark } from "../targets/route53/from-mark.js";
import { isMarkOf } from "../targets/route53/mark.js";
import { type Marking, tagKey } from "./marking.js";
import { tagsOf } from "./tags.js";

/** Where marks may be: what the configuration names. */
export interface MarkedPlaces {
  /** Eight hex digits of blue's name. */
  owner: string;
  zoneIds: readonly string[];
  /** Whether any move: they are found by their tag. */
  addresses: boolean;
  balancers: readonly { listenerArn: string; ruleArn?: string | undefined }[];
  /** Nothing can be marked of these, so all of them may have been done. */
  manual: readonly ManualTarget[];
}

/** What marks say of a shift: enough of a journal to go back by. */
export interface Rebuilt {
  run: string;
  records: JournalRecord[];
}

interface Found {
  run: string;
  recorded: RecordedTarget;
  live: unknown;
  moved: boolean;
}

/**
 * The journal of a shift of which nothing is left, from its marks and from what is live. Writes nothing.
 *
 * Calls: one for each page of a zone, one for all addresses' tags and one for the addresses, one for 20 listeners' and rules' tags and
 * one for each that has one.
 *
 * @returns undefined where there is no mark
 * @throws UserError `drifted` naming each mark that doesn't fit what is there, or where marks are of several runs
 */
export async function rebuildJournal(places: MarkedPlaces, aws: AwsApi): Promise<Rebuilt | undefined> {
  const misfits: string[] = [];
  const found = [
    ...(await zonesFound(places, aws, misfits)),
    ...(await balancersFound(places, aws, misfits)),
    ...(places.addresses ? await addressesFound(places, aws, misfits) : []),
  ];
  const runs = [...new Set(found.map(({ run }) => run))];
  const [run, ...others] = runs;
  if (misfits.length > 0 || others.length > 0) {
    throw new UserError({
      code: "drifted",
      what: [
        "What the shift left doesn't say how to go back exactly; nothing was written.",
        ...misfits.map((line) => `  ${line}`),
        ...(others.length > 0 ? [`  The marks are of several runs: ${runs.join(", ")}.`] : []),
      ].join("\n"),
      fix: "See who changed it and when (CloudTrail), and go back by hand: docs/runbook.md, without clustershift.",
    });
  }
  if (run === undefined) return undefined;
  const manual = places.manual.map((task): Found => {
    const recorded = { ...task, key: targetKey(task), before: "blue" as const };
    return { run, recorded, live: "green", moved: true };
  });
  return { run, records: recordsOf({ run, owner: places.owner }, [...found, ...manual]) };
}

/** As the shift itself would have written them, but for its steps: of each target only where it stands is known. */
function recordsOf(marking: Marking, found: readonly Found[]): JournalRecord[] {
  const attempt = 1;
  const targets = found.map(({ recorded }) => recorded);
  const data = { attempt, steps: [100], holdMs: 0, targets, marking } satisfies StartedShift;
  const moved = found.flatMap(({ recorded: { key, before, kind }, live, moved }): JournalRecord[] => {
    if (!moved) return [];
    const step = `cutover-${attempt}/${key}`;
    const what = `${key}, as its mark and what is live say`;
    return [
      { type: "intent", step, phase: "cutover", what, target: key, before, after: live },
      // Nobody knows whether a person had done it: what is only intended is told as such.
      ...(kind === "manual" ? [] : [{ type: "done" as const, step, result: null }]),
    ];
  });
  const tags = tagsOf(targets, marking);
  const key = tagKey(marking);
  const left: JournalRecord[] =
    Object.keys(tags).length === 0
      ? []
      : [
          {
            type: "intent",
            step: `marks-${attempt}`,
            phase: "marks",
            what: "found",
            target: key,
            before: {},
            after: tags,
          },
          { type: "done", step: `marks-${attempt}`, result: null },
        ];
  return [{ type: "event", phase: "cutover", event: "started", data }, ...left, ...moved];
}

async function zonesFound({ zoneIds, owner }: MarkedPlaces, { route53 }: AwsApi, misfits: string[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const zoneId of new Set(zoneIds)) {
    const zone = await route53.recordSets(zoneId);
    for (const [index, mark] of zone.filter((set) => isMarkOf(set, { owner })).entries()) {
      const read = zoneFromMark(mark, zoneId, index, zone);
      if (!read) misfits.push(`zone ${zoneId}: ${mark.Name} TXT can't be read, or doesn't fit its records.`);
      // Also where its records are as before: then the mark alone goes.
      else found.push({ ...read, moved: true });
    }
  }
  return found;
}

async function balancersFound(
  { balancers, owner }: MarkedPlaces,
  { elbv2 }: AwsApi,
  misfits: string[],
): Promise<Found[]> {
  const found: Found[] = [];
  const tags = await elbv2.tagsOf(
    balancers.map(({ listenerArn, ruleArn }) => ruleArn ?? listenerArn),
    tagKey({ owner }),
  );
  for (const { listenerArn, ruleArn } of balancers) {
    const place = { listenerArn, ...(ruleArn !== undefined && { ruleArn }) };
    const tag = tags.get(ruleArn ?? listenerArn);
    if (tag === undefined) continue;
    const live = await liveActions(place, elbv2);
    const read = balancerFromTag(tag, place, live);
    if (!read) misfits.push(`${loadBalancerKey(place)}: its tag can't be read, or doesn't fit its actions.`);
    else found.push({ ...read, live, moved: !sameActions(live, read.recorded.before) });
  }
  return found;
}

async function addressesFound({ owner }: MarkedPlaces, { ec2 }: AwsApi, misfits: string[]): Promise<Found[]> {
  const tags = await ec2.tagged(tagKey({ owner }));
  if (tags.size === 0) return [];
  const found: Found[] = [];
  for (const live of await ec2.addresses({ allocationIds: [...tags.keys()] })) {
    const read = addressFromTag(tags.get(live.allocationId) ?? "", live);
    if (!read)
      misfits.push(`${live.publicIp} (${live.allocationId}): its tag can't be read, or it is at another place.`);
    else found.push({ ...read, live, moved: !sameAssociation(live, read.recorded.before) });
  }
  return found;
}
