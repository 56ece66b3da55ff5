import type { Proof, Report } from "../../scripts/proofs.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { signedApprovals } from "./unsafe/approval-families.js";
import {
  anyBundle,
  clockJumps,
  daylightSaving,
  flapping,
  locksAndJournals,
  windows,
} from "./unsafe/circumstance-families.js";
import { openCrossings } from "./unsafe/crossing.js";
import { evidenceFamilies } from "./unsafe/evidence-families.js";
import { otherWriters } from "./unsafe/external-dns-family.js";
import { dice, type Ending, type Family, type Situation } from "./unsafe/situation.js";
import { edited, racedAddresses, racedRecords, slept, zeroWeights } from "./unsafe/traffic-families.js";
import { loweredTtls } from "./unsafe/ttl-family.js";
import { openWorkshop, type Workshop, type WorkshopOptions } from "./unsafe/workshop.js";

export const proof: Proof = {
  name: "cutover-unsafe",
  summary:
    "500 unsafe situations: none is executed, each is refused for its own reason, and safe ones beside them are done.",
  async run(report) {
    const random = seededRandom("unsafe situations");
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    try {
      const figures = await meetSituations(aws.front, {
        name: "unsafe.example",
        random,
        unsafe: 500,
        safe: () => 3,
        report,
      });
      const { situations, executed, otherReason, touched, wrong } = figures;
      const holds = situations >= 500 && executed === 0 && otherReason === 0 && touched === 0 && wrong.length === 0;
      return { holds, figures };
    } finally {
      await aws.close();
    }
  },
};

export interface UnsafeOptions {
  name: string;
  random: () => number;
  /** So many situations at least, spread evenly over all families. */
  unsafe: number;
  /** How many safe ones of a family. */
  safe(family: string): number;
  /** Which families; all, where nothing is said. */
  families?(family: string): boolean;
  report?: Report;
}

interface FamilyFigures {
  unsafe: number;
  executed: number;
  otherReason: number;
  touched: number;
  safe: number;
  safeDone: number;
}

export interface UnsafeFigures extends Omit<FamilyFigures, "unsafe"> {
  situations: number;
  families: Record<string, FamilyFigures>;
  /** What was not as it must be. */
  wrong: string[];
}

interface Bench {
  name: string;
  attempt(random: ReturnType<typeof dice>, safe: boolean): Promise<{ situation: Situation<never>; ending: Ending }>;
}

/** Makes situations of all families in turn, and looks what the real cutover, or the real shift, does in each. */
export async function meetSituations(
  front: AwsFront,
  { name, random, unsafe, safe, families = () => true, report = () => {} }: UnsafeOptions,
): Promise<UnsafeFigures> {
  const roll = dice(random);
  const { benches: all, close } = openBenches(front, name);
  const benches = all.filter((bench) => families(bench.name));
  const figures: UnsafeFigures = {
    ...{ situations: 0, executed: 0, otherReason: 0, touched: 0, safe: 0, safeDone: 0 },
    families: {},
    wrong: [],
  };
  try {
    const each = Math.ceil(unsafe / benches.length);
    for (const bench of benches) {
      const family = { unsafe: 0, executed: 0, otherReason: 0, touched: 0, safe: 0, safeDone: 0 };
      figures.families[bench.name] = family;
      for (let count = 0; count < each + safe(bench.name); count++) {
        const { situation, ending } = await bench.attempt(roll, count >= each);
        for (const [kind, is] of Object.entries(judge(situation, ending)) as [keyof FamilyFigures, boolean][])
          family[kind] += Number(is);
        const why = faultOf(situation, ending);
        if (why !== undefined) figures.wrong.push(`${bench.name}: ${situation.what}: ${why}`);
      }
      figures.situations += family.unsafe;
      for (const kind of ["executed", "otherReason", "touched", "safe", "safeDone"] as const)
        figures[kind] += family[kind];
      report(
        `${bench.name}: ${family.unsafe} unsafe, ${family.safeDone} of ${family.safe} safe ones done, ${figures.wrong.length} wrong`,
      );
    }
    return figures;
  } finally {
    await close();
  }
}

function judge(
  { refused }: Situation<never>,
  { code, what, effects, untouched }: Ending,
): FamilyFigures | Record<string, boolean> {
  if (!refused) return { safe: true, safeDone: code === "done" && effects > 0 };
  return {
    unsafe: true,
    executed: code === "done" || effects > 0,
    otherReason: code !== "done" && (code !== refused.code || !refused.says.test(what)),
    touched: !untouched,
  };
}

function faultOf({ refused }: Situation<never>, ending: Ending): string | undefined {
  const { code, what, effects, untouched } = ending;
  if (!refused) return code === "done" && effects > 0 ? undefined : `is safe, and ended as ${code}: ${what}`;
  if (code !== refused.code || !refused.says.test(what))
    return `must be ${refused.code} ${refused.says}, was ${code}: ${what}`;
  if (effects > 0) return `${effects} effect(s) after it was unsafe`;
  return untouched ? undefined : "the world was changed";
}

/** Everything that attempts need is opened by the first one. */
function openBenches(front: AwsFront, name: string): { benches: Bench[]; close(): Promise<void> } {
  const workshops: Promise<Workshop>[] = [];
  const lazily = <T>(open: () => Promise<T>): (() => Promise<T>) => {
    let opened: Promise<T> | undefined;
    return () => {
      opened ??= open();
      return opened;
    };
  };
  const workshop = (label: string, options: Omit<WorkshopOptions, "name"> = {}) =>
    lazily(() => {
      const opened = openWorkshop(front, { ...options, name: `${label}.${name}` });
      workshops.push(opened);
      return opened;
    });
  const signed = signedApprovals();
  const usual = workshop("usual");
  const crossings = lazily(() => openCrossings(front, `crossings.${name}`));
  const benchOf = <Scene>(
    family: Family<Scene>,
    open: () => Promise<{ attempt(situation: Situation<Scene>): Promise<Ending> }>,
  ): Bench => ({
    name: family.name,
    async attempt(random, safe) {
      const situation = family.situation(random, safe);
      return { situation, ending: await (await open()).attempt(situation) };
    },
  });
  return {
    benches: [
      ...[...evidenceFamilies, clockJumps, windows, flapping, otherWriters, locksAndJournals].map((each) =>
        benchOf(each, usual),
      ),
      benchOf(daylightSaving, workshop("seasons", { config: anyBundle })),
      benchOf(loweredTtls.family, workshop("ttl", { traffic: { ttl: loweredTtls.ttl } })),
      ...(signed ? [benchOf(signed.family, workshop("signed", { config: signed.config, ready: signed.ready }))] : []),
      ...[zeroWeights, edited, racedRecords, racedAddresses, slept].map((each) => benchOf(each, crossings)),
    ],
    async close() {
      signed?.end();
      for (const each of workshops) await (await each).close();
    },
  };
}
