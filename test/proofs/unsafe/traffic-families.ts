import type { AddressTarget, RecordSet } from "../../../src/model/traffic.js";
import { holdLocks } from "../../../src/record/held-locks.js";
import { breakSharedLock } from "../../../src/record/shared-lock.js";
import { memoryStore } from "../../record/memory-store.js";
import { owner } from "../../record/owner.js";
import type { World } from "../../traffic/world.js";
import { type Crossing, shares } from "./crossing.js";
import type { Family, Random } from "./situation.js";

const address = ({ between }: Random) => `203.0.113.${between(1, 254)}`;
const setsOf = async (world: World, host: string): Promise<RecordSet[]> =>
  (await world.snapshot()).records.filter(({ Name, Type }) => Name.startsWith(`${host}.`) && Type === "A");

/** What somebody does to a name of the shift; each leaves another state than there was. */
function edits(random: Random) {
  const changed =
    (change: (set: RecordSet) => RecordSet) =>
    async ({ world }: Crossing, host: string) => {
      const sets = await setsOf(world, host);
      await world.edit(change(sets[random.between(0, 99) % sets.length] as RecordSet));
    };
  const answer = address(random);
  const ttl = random.between(6, 9_000);
  return {
    "gives it another answer": changed((set) => ({ ...set, ResourceRecords: [{ Value: answer }] })),
    "gives it another TTL": changed((set) => ({ ...set, TTL: ttl })),
  };
}

/** Names whose weights are all zero: Route 53 answers from all of them, and no share means anything. */
export const zeroWeights: Family<Crossing> = {
  name: "zero weights",
  situation(random, safe) {
    const weight = safe ? random.between(1, 255) : 0;
    const which = random.between(0, 1);
    return {
      what: safe ? `one of them is ${weight}` : "all are zero",
      ...(!safe && { refused: { code: "config-invalid", says: /has weight 0 in every record set/ } }),
      make: ({ world, spoil }) =>
        spoil(async () => {
          const sets = await setsOf(world, "partner");
          for (const [index, set] of sets.entries())
            await world.edit({ ...set, TTL: random.between(1, 600), Weight: index === which ? weight : 0 });
        }),
    };
  },
};

/** Somebody changes a record between two steps. */
export const edited: Family<Crossing> = {
  name: "edits between steps",
  situation(random, safe) {
    const stage = `share/${random.pick(shares.slice(0, -1))}`;
    const host = safe ? "somebody-elses" : random.pick(["app", "api", "partner"]);
    if (safe) {
      const make = ({ after, world, spoil }: Crossing) =>
        after(stage, () =>
          spoil(async () => {
            const [app] = await setsOf(world, "app");
            const Name = (app?.Name ?? "").replace(/^app/, host);
            await world.edit({
              Name,
              Type: "A",
              TTL: random.between(1, 600),
              ResourceRecords: [{ Value: address(random) }],
            });
          }),
        );
      return { what: `after ${stage} somebody else's own name changes`, make };
    }
    const [what, edit] = random.pick([
      ...Object.entries(edits(random)),
      [
        "adds a set of their own",
        async ({ world }: Crossing, name: string) => {
          const [set] = await setsOf(world, name);
          const theirs = { SetIdentifier: `theirs-${random.between(1, 99)}`, Weight: random.between(0, 255) };
          await world.edit({ ...(set as RecordSet), ...theirs });
        },
      ] as const,
      [
        "sets a weight",
        async ({ world }: Crossing, name: string) => {
          const [set] = await setsOf(world, name);
          await world.edit({ ...(set as RecordSet), Weight: ((set?.Weight ?? 0) + random.between(1, 99)) % 256 });
        },
      ] as const,
    ]);
    return {
      what: `after ${stage} somebody ${what} to ${host}`,
      refused: { code: "drifted", says: /was changed by somebody else; nothing more was written/ },
      make: (crossing) => crossing.after(stage, () => crossing.spoil(() => edit(crossing, host))),
    };
  },
};

/** Somebody changes a simple record between the last look at it and the write. */
export const racedRecords: Family<Crossing> = {
  name: "races on records",
  situation(random, safe) {
    const host = safe ? "www" : random.pick(["app", "api"]);
    const [what, edit] = random.pick(Object.entries(edits(random)));
    return {
      what: `somebody ${what}, ${host}`,
      ...(!safe && { refused: { code: "drifted", says: /was changed by somebody else/ } }),
      make: (crossing) =>
        crossing.beforeWrite(() =>
          crossing.spoil(async () => {
            if (!safe) return edit(crossing, host);
            const [app] = await setsOf(crossing.world, "app");
            await crossing.world.edit({ ...(app as RecordSet), Name: (app?.Name ?? "").replace(/^app/, host) });
          }),
        ),
    };
  },
};

/** Somebody takes an Elastic IP, or the place that it shall have, before its turn. */
export const racedAddresses: Family<Crossing> = {
  name: "races on addresses",
  situation(random, safe) {
    const turn = random.between(0, 1);
    const stage = turn === 0 ? "share/100" : "elastic-ip/syslog/eu-central-1a";
    if (safe)
      return {
        what: `nobody does, after ${stage}`,
        make: ({ after, spoil }) => after(stage, () => spoil(async () => {})),
      };
    const stolen = random.pick([true, false]);
    return {
      what: stolen ? `address ${turn} goes elsewhere` : `green's place for address ${turn} gets another one`,
      refused: { code: "drifted", says: stolen ? /was changed by somebody else/ : /would take it away/ },
      make: ({ world, after, spoil, aws }) => {
        const addresses = world.targets.filter((target): target is AddressTarget => target.kind === "elastic-ip");
        const [own, other] = addresses.toSorted((a, b) => (a.zone < b.zone === (turn === 0) ? -1 : 1));
        if (!own || !other) throw new Error("the world has two addresses");
        const place = { instanceId: own.greenInstanceId, allowReassociation: true };
        after(stage, () =>
          spoil(() =>
            stolen
              ? world.steal(own.allocationId)
              : aws.ec2.associate({ ...place, allocationId: other.allocationId }).then(() => undefined),
          ),
        );
      },
    };
  },
};

const run = "20261128T220000Z";
const ttlMs = 60_000;

/** This machine sleeps between two steps, and somebody else takes the run meanwhile. */
export const slept: Family<Crossing> = {
  name: "another machine's epoch",
  situation(random, safe) {
    const stage = `share/${random.pick(shares.slice(0, -1))}`;
    const ms = random.between(ttlMs + 1, 1_000 * ttlMs);
    return {
      what: `asleep for ${ms} ms after ${stage}`,
      ...(!safe && { refused: { code: "locked", says: /al on al-laptop/ } }),
      make: async ({ after, beforeRecord, spoil, clock }) => {
        const store = memoryStore();
        const terms = { now: () => clock.now(), monotonic: () => 0, isGone: () => false, deadlineMs: 5_000, ttlMs };
        const held = await holdLocks([store], run, { ...terms, owner: owner("jo") });
        beforeRecord(() => held.assertHeld());
        after(stage, () =>
          spoil(async () => {
            await clock.sleep(ms);
            if (safe) return;
            await breakSharedLock(store, run, { by: "al", host: "ops-2", at: "2026-11-28T23:00:00Z" }, 5_000);
            const others = await holdLocks([store], run, { ...terms, owner: owner("al") });
            if (random.between(0, 1) === 0) await others.assertHeld();
          }),
        );
      },
    };
  },
};
