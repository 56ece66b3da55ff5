import { isDeepStrictEqual } from "node:util";
import type { AwsApi, Change } from "../../../src/aws/api.js";
import type { Clock } from "../../../src/model/clock.js";
import { UserError } from "../../../src/model/errors.js";
import type { Journal } from "../../../src/model/journal.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { shift } from "../../../src/traffic/shift.js";
import { virtualClock } from "../../aws/clock.js";
import { applyBatch } from "../../traffic/targets/route53/zone-model.js";
import { createWorld, memoryJournal, type Snapshot, type World } from "../../traffic/world.js";
import { isEffect } from "../cutover/effects.js";
import type { Ending, Situation } from "./situation.js";

/** Green's shares. */
export const shares = [10, 50, 100];

/** A shift of traffic that somebody else gets in the way of. */
export interface Crossing {
  world: World;
  /** Somebody else's, which isn't a part of the shift. */
  aws: AwsApi;
  clock: Clock;
  /** Does what makes it unsafe: from its end on nothing may be changed any more. */
  spoil(how: () => Promise<void>): Promise<void>;
  /** Done after the stage with that id is settled, when it is checked. */
  after(stage: string, what: () => Promise<void>): void;
  /** Done between the shift's look at the records and its first write to them. */
  beforeWrite(what: () => Promise<void>): void;
  /** Asked before each write to the journal. */
  beforeRecord(what: () => Promise<void>): void;
}

export async function openCrossings(front: AwsFront, name: string) {
  const world = await createWorld(front, name);
  return {
    world,
    async attempt({ make }: Situation<Crossing>): Promise<Ending> {
      const clock = virtualClock();
      const aws = world.aws(clock);
      let spoilt: Snapshot | undefined;
      let effects = 0;
      const stages = new Map<string, () => Promise<void>>();
      let beforeWrite: (() => Promise<void>) | undefined;
      let beforeRecord = async (): Promise<void> => {};
      const observe: AwsFront["observers"][number] = (seen) => {
        effects += Number(isEffect(seen));
      };
      const begun = memoryJournal();
      const journal: Journal = {
        entries: () => begun.entries(),
        async append(record) {
          await beforeRecord();
          await begun.append(record);
        },
      };
      const raced = comparing(aws, world, async () => {
        const what = beforeWrite;
        beforeWrite = undefined;
        await what?.();
      });
      try {
        await make({
          ...{ world, aws, clock },
          async spoil(how) {
            await how();
            spoilt = await world.snapshot();
            front.observers.push(observe);
          },
          after: (stage, what) => void stages.set(stage, what),
          beforeWrite(what) {
            beforeWrite = what;
          },
          beforeRecord(what) {
            beforeRecord = what;
          },
        });
        const input = { targets: world.targets, steps: shares, holdMs: 1_000 };
        const check = async ({ id }: { id: string }) => {
          await stages.get(id)?.();
          return { outcome: "passed" as const, detail: "fine" };
        };
        const { code, what } = await shift(input, { aws: raced, journal, clock, check }).then(
          ({ outcome }) => ({ code: outcome === "moved" ? "done" : outcome, what: "" }),
          (error: unknown) => {
            if (!(error instanceof UserError)) throw error;
            return { code: error.code as string, what: error.message };
          },
        );
        return { code, what, effects, untouched: isDeepStrictEqual(await world.snapshot(), spoilt) };
      } finally {
        if (front.observers.includes(observe)) front.observers.splice(front.observers.indexOf(observe), 1);
        aws.close();
        await world.reset();
      }
    },
  };
}

/** The emulator deletes whatever has a name; Route 53 only what is exactly as it is said to be, and so refuses a batch that came too late. */
function comparing(aws: AwsApi, world: World, before: () => Promise<void>): AwsApi {
  const change = async (zoneId: string, changes: Change[], comment: string): Promise<string> => {
    await before();
    const zone = (await world.records())[world.zoneIds.indexOf(zoneId)] ?? [];
    try {
      applyBatch(zone, changes);
    } catch (error) {
      const cause = Object.assign(error as Error, { name: "InvalidChangeBatch", $metadata: { httpStatusCode: 400 } });
      throw new UserError({ code: "aws-failed", what: cause.message, fix: "", cause });
    }
    return aws.route53.change(zoneId, changes, comment);
  };
  return { ...aws, route53: { ...aws.route53, change } };
}
