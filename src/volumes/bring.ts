import { createHash } from "node:crypto";
import type { Volume } from "../aws/volumes.js";
import { messageOf } from "../model/errors.js";
import { bind, requireClaim, untilBound } from "./bind.js";
import {
  type Bringing,
  isRefusal,
  nameOf,
  onGreen,
  Refused,
  throwIfStopped,
  type VolumeEdges,
  type VolumeOutcome,
  type VolumeTerms,
  waitFor,
} from "./edges.js";
import { type Bound, roundOf, stepOf } from "./history.js";
import { requireHandle, takeSnapshot, untilComplete } from "./snapshots.js";
import { lastOf, once, resultOf } from "./step.js";
import { carriedTags, claimTag, clusterTag, copyTag, runTag } from "./tags.js";

/**
 * Brings the volumes of claims whose workloads have stopped on blue: waits until blue has let go of them, copies what is to be copied, and
 * gives green's claims their volumes. Called again, also after kill -9, it goes on with what isn't done. What is refused is told of the one
 * claim, and the others go on.
 *
 * @throws UserError `interrupted`
 */
export async function bringVolumes(
  all: readonly Bringing[],
  terms: VolumeTerms,
  edges: VolumeEdges,
): Promise<VolumeOutcome[]> {
  const { cloud, journal, clock, signal } = edges;
  const round = roundOf(journal.entries());
  const failed = new Map<string, string>();
  const key = ({ planned }: Bringing): string => nameOf(onGreen(planned));
  const going = (): Bringing[] => all.filter((each) => !failed.has(key(each)));
  const each = async (some: readonly Bringing[], work: (one: Bringing) => Promise<void>): Promise<void> => {
    for (const one of some) {
      throwIfStopped(signal);
      try {
        await work(one);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        failed.set(key(one), messageOf(error));
      }
    }
  };
  const fail = (reasons: ReadonlyMap<string, string>): void => {
    for (const [claim, why] of reasons) failed.set(claim, why);
  };
  const done = new Map<string, Bound>();
  const isDue = (one: Bringing): boolean => {
    const bound = resultOf<Bound>(journal.entries(), stepOf(round, "bind", key(one)));
    if (bound) done.set(key(one), bound);
    return bound === undefined;
  };
  const due = all.filter(isDue);
  const originals = new Map<string, Volume>();
  await each(due, async ({ planned, volume }) => {
    requireHandle(planned);
    // A copy that no claim waits for would be for nothing; one that is being replaced is made anew.
    const isReplaced = lastOf(journal.entries(), stepOf(round, "unbind", nameOf(onGreen(planned)))) !== undefined;
    if (!isReplaced) await requireClaim(planned, volume.metadata.name, edges.green);
  });
  fail(
    await untilLetGo(
      going().filter((one) => due.includes(one)),
      originals,
      terms,
      edges,
    ),
  );

  const copies = () => going().filter((one) => due.includes(one) && one.planned.strategy === "copy");
  const taken = new Map<string, string>();
  await each(copies(), async (one) => {
    taken.set(key(one), await takeSnapshot(one.planned, round, terms, edges));
  });
  fail(await untilComplete(taken, round, terms, edges));
  const made = new Map<string, string>();
  await each(copies(), async (one) => {
    const snapshot = taken.get(key(one)) ?? "";
    made.set(key(one), await makeCopy(one, snapshot, originals.get(key(one)), round, terms, edges));
  });
  fail(await untilSound(made, copies(), originals, terms, edges));

  await each(
    going().filter((one) => due.includes(one)),
    async (one) => {
      const original = originals.get(key(one));
      const id = made.get(key(one)) ?? requireHandle(one.planned);
      const zone = one.planned.strategy === "copy" ? one.planned.zone?.to : original?.zone;
      if (zone === undefined) throw new Refused("nobody knows its zone");
      done.set(key(one), await bind(one, id, { id, zone }, round, terms, edges));
    },
  );
  fail(
    await untilBound(
      [...done.values()].filter(({ claim }) => !failed.has(claim)),
      { ...edges, clock },
    ),
  );
  return all.map((one) => {
    const [why, bound] = [failed.get(key(one)), done.get(key(one))];
    return {
      claim: one.planned.claim,
      ...(bound && { handle: bound.handle }),
      ...(why !== undefined && { failed: why }),
    };
  });

  /** Blue's node has unmounted it by then: what was written is on it, and green's can take it. */
  async function untilLetGo(
    some: readonly Bringing[],
    into: Map<string, Volume>,
    { timeoutMs }: VolumeTerms,
    waiting: VolumeEdges,
  ): Promise<Map<string, string>> {
    const why = new Map<string, string>();
    const look = async (): Promise<string[]> => {
      const waitingFor = some.filter((one) => !into.has(key(one)));
      const found = new Map(
        (await cloud.volumes(waitingFor.map(({ planned }) => planned.handle ?? ""))).map((each) => [each.id, each]),
      );
      for (const one of waitingFor) {
        const volume = found.get(one.planned.handle ?? "");
        if (volume?.state === "available") {
          into.set(key(one), volume);
          why.delete(key(one));
        } else if (!volume) why.set(key(one), `${one.planned.handle} isn't there`);
        else
          why.set(
            key(one),
            `${volume.id} is still ${volume.state}, on ${volume.attachedTo.join(", ") || "nobody"}: blue's node must let go of it`,
          );
      }
      return some.filter((one) => !into.has(key(one))).map(key);
    };
    if (some.length > 0)
      await waitFor("volume(s) that blue must let go of", look, waiting.clock.now() + timeoutMs, waiting);
    for (const one of some) {
      const [volume, zone] = [into.get(key(one)), one.planned.zone?.from];
      if (volume && zone !== undefined && zone !== volume.zone)
        why.set(key(one), `${volume.id} is in ${volume.zone}, and the plan says ${zone}: clustershift plan`);
    }
    return why;
  }

  async function untilSound(
    copies: ReadonlyMap<string, string>,
    some: readonly Bringing[],
    from: ReadonlyMap<string, Volume>,
    { timeoutMs }: VolumeTerms,
    waiting: VolumeEdges,
  ): Promise<Map<string, string>> {
    const why = new Map<string, string>();
    const sound = new Set<string>();
    const look = async (): Promise<string[]> => {
      const left = some.filter((one) => !sound.has(key(one)) && copies.has(key(one)));
      const found = new Map(
        (await cloud.volumes(left.map((one) => copies.get(key(one)) ?? ""))).map((each) => [each.id, each]),
      );
      for (const one of left) {
        const id = copies.get(key(one)) ?? "";
        const copy = found.get(id);
        if (copy?.state !== "available") {
          why.set(key(one), `its copy ${id} is ${copy?.state ?? "not there"}`);
          continue;
        }
        why.delete(key(one));
        sound.add(key(one));
        const wrong = differenceOf(copy, wantedOf(one, from.get(key(one)), taken.get(key(one)) ?? ""));
        if (wrong) why.set(key(one), `its copy ${id} ${wrong}`);
      }
      return some.filter((one) => !sound.has(key(one))).map(key);
    };
    if (some.length > 0) await waitFor("new volume(s)", look, waiting.clock.now() + timeoutMs, waiting);
    return why;
  }
}

type Wanted = Pick<Volume, "size" | "zone" | "type" | "iops" | "throughput" | "encrypted" | "kmsKeyId"> & {
  snapshotId: string;
};

/** As the original is, in the zone that green has it in. */
function wantedOf({ planned }: Bringing, original: Volume | undefined, snapshotId: string): Wanted {
  if (!original) throw new Refused(`${planned.handle} wasn't seen`);
  const { size, type, iops, throughput, encrypted, kmsKeyId } = original;
  return {
    ...{ snapshotId, size, type, encrypted, zone: planned.zone?.to ?? original.zone },
    ...(iops !== undefined && { iops }),
    ...(throughput !== undefined && { throughput }),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  };
}

function differenceOf(copy: Volume, wanted: Wanted): string | undefined {
  const members = ["size", "zone", "type", "iops", "throughput", "encrypted", "kmsKeyId", "snapshotId"] as const;
  const other = members.find((member) => wanted[member] !== undefined && copy[member] !== wanted[member]);
  return other && `has ${other} ${copy[other]}, and not ${wanted[other]}`;
}

async function makeCopy(
  one: Bringing,
  snapshotId: string,
  original: Volume | undefined,
  round: number,
  { run, blue, green }: VolumeTerms,
  { cloud, journal }: VolumeEdges,
): Promise<string> {
  const claim = nameOf(onGreen(one.planned));
  const wanted = wantedOf(one, original, snapshotId);
  const own = { [runTag]: run, [copyTag]: String(round), [claimTag]: claim };
  const { volume } = await once<{ volume: string }>(
    {
      step: stepOf(round, "volume", claim),
      what: `make a volume of ${snapshotId} in ${wanted.zone}, for ${claim}`,
      target: snapshotId,
      after: wanted,
      async find() {
        const found = (await cloud.tagged(own)).find(
          (each) => each.snapshotId === snapshotId && each.state !== "error" && each.state !== "deleting",
        );
        return found && { volume: found.id };
      },
      make: async () => ({
        volume: await cloud.create({
          ...wanted,
          token: createHash("sha256").update(`${run}/${round}/${claim}/${snapshotId}`).digest("hex"),
          tags: {
            ...(original && carriedTags(original, blue)),
            ...clusterTag(green),
            // What the driver's own policy at AWS goes by.
            "ebs.csi.aws.com/cluster": "true",
            ...own,
          },
        }),
      }),
    },
    journal,
  );
  return volume;
}
