import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientLimits } from "../../src/sandbox/velero/velero-server.js";
import { concurrency } from "../cluster.js";
import type { Figure, FigureTable } from "../figure.js";
import { type Contender, measure } from "../measure.js";
import type { Archive, Backed } from "./archive.js";
import { byBareCreates } from "./bare-creates.js";
import { type Brought, byClustershift, byVelero } from "./contenders.js";
import { fateOf } from "./fates.js";
import { groupOfObject, madeOf } from "./groups.js";
import { type Found, look } from "./look.js";
import { actingTable, apart, fatesTable, type Judged, othersTable, reasonsTable } from "./table.js";
import { blueVersion, features, type Green, greenVersion, openWorld } from "./world.js";

/** For controllers to do what they do with what came. */
const settleMs = 10_000;
const lifted: ClientLimits = { qps: 5_000, burst: 5_000 };
const names = {
  bare: `bare creates, ${concurrency} at once`,
  velero: "Velero",
  lifted: "Velero, limits lifted",
  ours: "clustershift",
} as const;

export const veleroFigure: Figure = {
  id: "velero",
  what: "a Velero backup into a newer control plane: our export and migrate, bare creates (the ceiling), Velero's restore",
  async run({ sizes, folder, closing, log }) {
    const world = await openWorld({ sizes, folder, log }, closing);
    try {
      const { archive } = world;
      const pristine = await world.withGreen(async (green) => new Set((await look(green, archive)).keys()));
      const made = madeOf(archive, pristine);
      const found = new Map<string, Found>();
      const brought = new Map<string, Brought>();
      let created = "";
      let places = 0;
      const settled = async (name: string, green: Green): Promise<void> => {
        await sleep(settleMs);
        found.set(name, await look(green, archive));
      };
      const restoring = (name: string, limits?: ClientLimits): Contender => ({
        name,
        role: "peer",
        run: () =>
          world.withGreen(async (green) => {
            const one = await byVelero(world, green, limits);
            brought.set(name, one);
            await settled(name, green);
            return one.ms;
          }),
      });
      const contenders: Contender[] = [
        {
          name: names.bare,
          role: "ceiling",
          run: () =>
            world.withGreen(async (green) => {
              const { ms, ...counts } = await byBareCreates(green, made);
              created = `${counts.created} of those ${made.length} were created, ${counts.refused} refused`;
              await settled(names.bare, green);
              return ms;
            }),
        },
        restoring(names.velero),
        restoring(names.lifted, lifted),
        {
          name: names.ours,
          role: "ours",
          async run() {
            const place = join(folder, `velero-place-${++places}`);
            const one = await byClustershift(world, place, (green) => settled(names.ours, green));
            brought.set(names.ours, one);
            return one.ms;
          },
        },
      ];
      const rows = await measure(contenders, {
        ...{ rounds: sizes.restore.rounds, warmUp: false },
        onSample: (name, round, ms) => log(`velero, round ${round}: ${name} took ${(ms / 1000).toFixed(1)} s`),
      });
      const control = found.get(names.bare) ?? new Map();
      const { judged, alike } = apart(
        [...brought]
          .map(([name, one]) => judgedOf(name, one, found.get(name) ?? new Map(), control, made))
          .sort(byName),
      );
      return {
        id: "velero",
        size: `a backup of ${archive.size} objects of blue, ${blueVersion}; ${made.length} were made by people, ${sizes.restore.objects} of those of ${sizes.bytes} bytes`,
        unit: "ms",
        rows,
        notes: [
          `${names.bare}: ${created}`,
          ...[...brought].flatMap(([name, { notes }]) => notes.map((note) => `${name}: ${note}`)),
          `Velero restores the whole backup into ${greenVersion}, with --features ${features.join(",")} on both sides; limits lifted are --client-qps ${lifted.qps} --client-burst ${lifted.burst}`,
          ...alike.map(([name, as]) => `${name}: each object ended as by ${as}, and is told with it`),
          "the tables are of the last round",
        ],
        tables: tablesOf(archive, pristine, judged),
      };
    } finally {
      await world.close();
    }
  },
};

function judgedOf(name: string, { said, put }: Brought, found: Found, control: Found, made: readonly Backed[]): Judged {
  const live = new Set([...found.values()].flatMap(({ metadata }) => metadata.uid ?? []));
  return { name, fates: made.map((backed) => fateOf(backed, { found, control, live }, said)), put, found };
}

/** The peers first, as in the table of the figures. */
function byName({ name: a }: Judged, { name: b }: Judged): number {
  const order: string[] = Object.values(names);
  return order.indexOf(a) - order.indexOf(b);
}

function tablesOf(archive: Archive, pristine: ReadonlySet<string>, judged: readonly Judged[]): FigureTable[] {
  const groupOf = (backed: Backed) => groupOfObject(backed, pristine);
  return [
    { title: "what people made, and what became of it", table: fatesTable(judged) },
    { title: "why", table: reasonsTable(judged) },
    { title: "what else is in the backup, and was put into green", table: othersTable(archive, groupOf, judged) },
    {
      title: `what is there ${settleMs / 1_000} s later, while blue still serves`,
      table: actingTable(archive, judged),
    },
  ];
}
