import pLimit from "p-limit";
import { messageOf } from "../model/errors.js";
import { bind, requireClaim, untilBound } from "./bind.js";
import { type Checksum, compareOnGreen, sumOnBlue, sumsAtOnce } from "./checksum.js";
import { type Copying, makeCopy, untilSound } from "./copies.js";
import {
  type Bringing,
  isRefusal,
  keyOf,
  Refused,
  throwIfStopped,
  type VolumeEdges,
  type VolumeOutcome,
  type VolumeTerms,
} from "./edges.js";
import { type Bound, roundOf, stepOf } from "./history.js";
import { untilLetGo } from "./let-go.js";
import { requireHandle, takeSnapshot, untilComplete } from "./snapshots.js";
import { lastOf, resultOf } from "./step.js";

/**
 * Brings the volumes of claims whose workloads have stopped on blue: waits until blue has let go of them, copies what is to be copied, and
 * gives green's claims their volumes; where there is a checksum, it is taken before and after. Called again, also after kill -9, it goes on
 * with what isn't done. What is refused is told of the one claim, and the others go on.
 *
 * @throws UserError `interrupted`
 */
export async function bringVolumes(
  all: readonly Bringing[],
  terms: VolumeTerms,
  edges: VolumeEdges,
  checksum?: Checksum,
): Promise<VolumeOutcome[]> {
  const { journal, signal } = edges;
  const round = roundOf(journal.entries());
  const failed = new Map<string, string>();
  const fail = (reasons: ReadonlyMap<string, string>): void => {
    for (const [claim, why] of reasons) failed.set(claim, why);
  };
  const going = (some: readonly Bringing[]): Bringing[] => some.filter((one) => !failed.has(keyOf(one)));
  const each = async (some: readonly Bringing[], work: (one: Bringing) => Promise<void>, atOnce = 1): Promise<void> => {
    const limit = pLimit(atOnce);
    const broken: unknown[] = [];
    const attempt = async (one: Bringing) => {
      // Nothing more is begun; what is under way is waited for.
      if (broken.length > 0) return;
      try {
        throwIfStopped(signal);
        await work(one);
      } catch (error) {
        if (isRefusal(error)) failed.set(keyOf(one), messageOf(error));
        else broken.push(error);
      }
    };
    await Promise.all(going(some).map((one) => limit(attempt, one)));
    if (broken.length > 0) throw broken[0];
  };

  const done = new Map<string, Bound>();
  for (const one of all) {
    const bound = resultOf<Bound>(journal.entries(), stepOf(round, "bind", keyOf(one)));
    if (bound) done.set(keyOf(one), bound);
  }
  const due = all.filter((one) => !done.has(keyOf(one)));
  await each(due, async ({ planned, volume }) => {
    requireHandle(planned);
    // A copy that no claim waits for would be for nothing; one that is being replaced is made anew.
    const isReplaced = lastOf(journal.entries(), stepOf(round, "unbind", keyOf({ planned }))) !== undefined;
    if (!isReplaced) await requireClaim(planned, volume.metadata.name, edges.green);
  });
  if (checksum) {
    const sum = (one: Bringing) =>
      sumOnBlue(checksum, { one, handle: requireHandle(one.planned) }, round, terms, edges);
    await each(due, sum, sumsAtOnce);
  }
  const { originals, failed: held } = await untilLetGo(going(due), terms, edges);
  fail(held);
  const originalOf = (one: Bringing) => {
    const original = originals.get(keyOf(one));
    if (!original) throw new Refused(`${one.planned.handle} wasn't seen`);
    return original;
  };

  const copied = due.filter(({ planned }) => planned.strategy === "copy");
  const snapshots = new Map<string, string>();
  await each(copied, async (one) => {
    snapshots.set(keyOf(one), await takeSnapshot(one.planned, round, terms, edges));
  });
  fail(await untilComplete(snapshots, round, terms, edges));
  const copies = new Map<string, { copying: Copying; id: string }>();
  await each(copied, async (one) => {
    const copying = { one, original: originalOf(one), snapshotId: snapshots.get(keyOf(one)) ?? "" };
    copies.set(keyOf(one), { copying, id: await makeCopy(copying, round, terms, edges) });
  });
  fail(await untilSound([...copies.values()], terms, edges));

  await each(due, async (one) => {
    const { zone } = originalOf(one);
    const copy = copies.get(keyOf(one));
    const ebs = copy ? { id: copy.id, zone: one.planned.zone?.to ?? zone } : { id: requireHandle(one.planned), zone };
    done.set(keyOf(one), await bind(one, ebs.id, ebs, round, terms, edges));
  });
  fail(
    await untilBound(
      [...done.values()].filter(({ claim }) => !failed.has(claim)),
      edges,
    ),
  );
  if (checksum) {
    const compare = (one: Bringing) =>
      compareOnGreen(checksum, { one, handle: done.get(keyOf(one))?.handle ?? "" }, round, terms, edges);
    const bound = all.filter((one) => done.has(keyOf(one)));
    await each(bound, compare, sumsAtOnce);
  }
  return all.map((one) => {
    const [why, bound] = [failed.get(keyOf(one)), done.get(keyOf(one))];
    return {
      claim: one.planned.claim,
      ...(bound && { handle: bound.handle }),
      ...(why !== undefined && { failed: why }),
    };
  });
}
