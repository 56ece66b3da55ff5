import { readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { MaintenanceWindow } from "../../../src/model/window.js";
import { ago, hour, minute, now } from "../../run/evidence.js";
import type { FakeCluster, Showing } from "./fake-cluster.js";
import type { Family } from "./situation.js";
import type { Scene } from "./workshop.js";

const at = (ms: number): string => new Date(now + ms).toISOString();

/** A clock that was set, forwards or backwards, since the evidence was gathered. */
export const clockJumps: Family<Scene> = {
  name: "clock jumps",
  situation(random, safe) {
    if (safe) {
      const ms = random.between(0, 20 * minute);
      return { what: `by ${ms} ms`, make: (scene) => scene.jump(ms) };
    }
    // The first gate that it makes lie refuses: the bundle was made last, and the smoke test may be the least old.
    const jumps: [number, number, string, RegExp][] = [
      [-50_000, -1, "bundle-stale", /in the future/],
      [27, 22 * 60, "smoke-stale", /old; evidence may be/],
      [23 * 60, 47 * 60, "rehearsal-stale", /old; it may be/],
      [49 * 60, 500_000, "bundle-stale", /old; it may be/],
    ];
    const [least, most, code, says] = random.pick(jumps);
    const minutes = random.between(least, most);
    return { what: `by ${minutes} min`, refused: { code, says }, make: (scene) => scene.jump(minutes * minute) };
  },
};

const windowed = (what: string, window: unknown, refused?: { code: string; says: RegExp }) => ({
  what,
  ...(refused && { refused }),
  make: (scene: Scene) => scene.agree({ window: window as MaintenanceWindow }),
});

/** A maintenance window that isn't open, or not for long enough. Now is a Saturday, 22:00 in UTC. */
export const windows: Family<Scene> = {
  name: "window",
  situation(random, safe) {
    const some = () => random.between(2, 20_000) * minute;
    const open = { opens: at(-some()), closes: at(hour + some()) };
    const [from, to] = [at(some()), at(30_000 * minute)];
    if (safe)
      return random.pick([
        windowed("none was agreed", null),
        windowed("open", open),
        windowed("a freeze that is over, and one to come", {
          ...open,
          freezes: [
            { from: ago(40_000 * minute), to: at(-some()), reason: "r" },
            { from: at(hour + some()), to: at(60_000 * minute), reason: "r" },
          ],
        }),
        windowed("each Saturday", { weekly: [{ days: ["sat"], from: "20:00", to: "23:45", timeZone: "UTC" }] }),
      ]);
    const outside = (says: RegExp) => ({ code: "outside-window", says });
    const short = random.between(1, 55) * 1_000;
    return random.pick([
      windowed("before", { opens: from, closes: to }, outside(/opens at/)),
      windowed("after", { opens: ago(30_000 * minute), closes: at(-some()) }, outside(/closed at/)),
      windowed(
        "freeze",
        { ...open, freezes: [{ from: at(-some()), to: at(some()), reason: "year's end" }] },
        outside(/year's end/),
      ),
      windowed(
        "another day of the week",
        {
          weekly: [
            { days: [random.pick(["mon", "tue", "wed", "thu", "fri"])], from: "20:00", to: "23:45", timeZone: "UTC" },
          ],
        },
        outside(/none of the weekly windows/),
      ),
      windowed(
        "another place on earth, where it is Sunday",
        {
          weekly: [
            {
              days: ["sat"],
              from: "20:00",
              to: "23:45",
              timeZone: random.pick(["Asia/Tokyo", "Europe/Athens", "Australia/Sydney"]),
            },
          ],
        },
        outside(/none of the weekly windows/),
      ),
      windowed(
        "no time at all",
        { opens: random.pick(["soon", "", "2026-13-40"]), closes: "later" },
        outside(/can't be read/),
      ),
      windowed(
        "less left than the way back takes",
        { opens: open.opens, closes: at(short) },
        { code: "window-too-short", says: /the way back takes/ },
      ),
      windowed(
        "a freeze that begins before all could go back",
        { ...open, freezes: [{ from: at(short), to: at(some() + hour), reason: "r" }] },
        { code: "window-too-short", says: /the way back takes/ },
      ),
    ]);
  },
};

const berlin = (from: string, to: string): MaintenanceWindow => ({
  weekly: [{ days: ["sun"], from, to, timeZone: "Europe/Berlin" }],
});

/** Its workshop takes old bundles: the run is of another season. */
export const anyBundle = { bundle: { maxAge: "3650d" } };

/** Nights in which clocks are changed, in Berlin at 01:00 UTC: 02:00 becomes 03:00 in March, and 03:00 becomes 02:00 in October. */
export const daylightSaving: Family<Scene> = {
  name: "daylight saving",
  situation(random, safe) {
    const night = (day: string, from: string, to: string, utc: [string, string]) => {
      const [first = 0, last = 0] = utc.map((time) => Date.parse(`${day}T${time}:00Z`));
      const moment = random.between(first + 2_000, last - 2_000);
      return {
        what: `${from} to ${to} at ${new Date(moment).toISOString()}`,
        make: async (scene: Scene) => {
          scene.jump(moment - now);
          await scene.agree({ window: berlin(from, to) });
          await renew(scene, moment);
        },
      };
    };
    const [spring, autumn] = ["2027-03-28", "2027-10-31"];
    if (safe)
      return random.pick([
        night(spring, "02:30", "06:00", ["01:00", "03:50"]),
        night(spring, "01:30", "03:30", ["00:30", "01:25"]),
        night(autumn, "02:30", "06:00", ["01:30", "04:50"]),
        night(autumn, "00:00", "02:30", ["00:00", "00:25"]),
      ]);
    const refused = (says = /none of the weekly windows/) => ({ code: "outside-window", says });
    return random.pick([
      { ...night(spring, "02:30", "06:00", ["00:30", "01:00"]), refused: refused() },
      { ...night(spring, "01:30", "03:30", ["01:30", "02:30"]), refused: refused() },
      { ...night(autumn, "02:30", "06:00", ["00:30", "01:30"]), refused: refused() },
      { ...night(autumn, "00:00", "02:30", ["00:30", "01:30"]), refused: refused() },
      {
        ...night(autumn, "00:00", "02:30", ["00:29", "00:30"]),
        refused: { code: "window-too-short", says: /the way back takes/ },
      },
    ]);
  },
};

/** All evidence as if it were of just before another moment. */
async function renew(scene: Scene, moment: number): Promise<void> {
  const before = (ms: number) => new Date(moment - ms).toISOString();
  await scene.change("rehearsal.json", (value) => ({ ...value, at: before(80 * minute) }));
  await scene.change("replay.json", (value) => ({ ...value, at: before(40 * minute) }));
  await scene.change("green.json", (value) => ({ ...value, readyAt: before(90 * minute) }));
  await scene.change("smoke.json", (value) => ({ ...value, at: before(5 * minute) }));
}

/** Clusters that aren't whole, always or only at one of the looks. */
export const flapping: Family<Scene> = {
  name: "flapping clusters",
  situation(random, safe) {
    const colour = random.pick(["blue", "green"] as const);
    const mood = (what: string, showing: Partial<Showing>, says: RegExp, least = 0) => {
      const look = random.between(least, 2);
      const then = random.pick([[], [{ from: look + 1, showing: well }]]);
      const make = (scene: Scene) => {
        const cluster: FakeCluster = scene[colour];
        cluster.moods = [{ from: look, showing }, ...then];
      };
      return { what: `${colour}: ${what} at look ${look + 1}`, refused: { code: `${colour}-unhealthy`, says }, make };
    };
    if (safe) {
      const total = random.between(10, 40);
      const nodes = Array.from({ length: total }, (_, index) => index >= Math.floor(total / 10));
      const make = (scene: Scene) => {
        scene[colour].moods = [{ from: 0, showing: { nodes } }];
      };
      return { what: `${colour}: nine of ten nodes are Ready`, make };
    }
    const ready = random.between(0, 8);
    return random.pick([
      mood("nodes aren't Ready", { nodes: Array.from({ length: 10 }, (_, index) => index < ready) }, /nodes are Ready/),
      mood("no nodes", { nodes: [] }, /has no nodes/),
      mood(
        "DNS isn't there",
        { available: random.between(0, 1) },
        /aren't whole: Deployment\.apps kube-system\/coredns/,
      ),
      mood("its API says no", { down: true }, /can't be looked at/),
      mood("another cluster answers", { clusterId: `other-${random.between(1, 999)}` }, /another cluster answers/),
    ]);
  },
};
const well: Partial<Showing> = { nodes: [true, true, true], available: 2, down: false };

/** Locks that others hold, and journals that aren't to be trusted. */
export const locksAndJournals: Family<Scene> = {
  name: "locks and journals",
  situation(random, safe) {
    const holder = (host: string, pid: number) => ({
      ...{ user: "jo", host, pid, startTime: "1", command: random.pick(["cutover", "rollback", "teardown"]) },
      ...{ since: at(random.between(-1_000, 1_000) * minute), token: "00000000-0000-4000-8000-000000000000" },
    });
    const lock = (text: string) => (scene: Scene) => writeFile(scene.run.lockPath, text);
    // Nobody has such a pid.
    const dead = JSON.stringify(holder(hostname(), 2 ** 30));
    if (safe) return random.pick([{ what: "a dead process of this host holds it", make: lock(dead) }]);
    const place = random.between(0, 100_000);
    const bit = random.between(0, 6);
    return random.pick([
      {
        what: "another host holds it",
        refused: { code: "locked", says: /This run is locked: jo on other-\d+/ },
        make: lock(JSON.stringify(holder(`other-${random.between(1, 99)}`, random.between(2, 60_000)))),
      },
      {
        what: "nobody knows who holds it",
        refused: { code: "locked", says: /can't be read/ },
        make: lock(random.pick(["", "{}", "null", "[]", dead.slice(0, -9)])),
      },
      {
        what: "a bit of the journal is another one",
        refused: { code: "journal-damaged", says: /line \d is damaged/ },
        make: async ({ run }: Scene) => {
          const bytes = await readFile(run.journalPath);
          // Not in the last line's end: what is cut short there is a torn tail, which is known to have no effect.
          const offset = place % (bytes.length - 2);
          bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
          await writeFile(run.journalPath, bytes);
        },
      },
    ]);
  },
};
