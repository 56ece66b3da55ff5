import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Proof, Report } from "../../scripts/proofs.js";
import type { JournalEntry } from "../../src/model/journal.js";
import { parseJournal } from "../../src/run/journal.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { createWorld, small } from "../traffic/world.js";
import { type CopyFigures, damageCopies } from "./damage/copies.js";
import { type Damage, type DamageOptions, damagesOf } from "./damage/damages.js";
import { type Ending, judge, type TrueJournal } from "./damage/judge.js";
import { type LostFigures, type LostOptions, loseEachEntry } from "./damage/lost-entry.js";
import { type RefusalFigures, refuseThroughCommands } from "./damage/refusals.js";
import { allKinds, writeStory } from "./damage/story.js";

export const proof: Proof = {
  name: "journal-damage",
  summary: "A journal cut at every byte, and 1,000 flipped bits, and more: recovered or refused, never misread.",
  async run(report) {
    const random = seededRandom("damages of a journal");
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    try {
      const options = { name: "damage.example", random, cutEvery: 1, flips: 1_000, report };
      const figures = await damageJournals(aws.front, options);
      const { wrong, kinds, targets } = figures;
      const enough =
        (kinds["cut short"]?.tried ?? 0) >= figures.bytes && (kinds["one bit flipped"]?.tried ?? 0) >= 1_000;
      return { holds: wrong.length === 0 && enough && targets.length === 4, figures };
    } finally {
      await aws.close();
    }
  },
};

export interface JournalDamageOptions extends Omit<DamageOptions, "other"> {
  name: string;
  /** Which entries are lost in turn. */
  lose?: LostOptions["only"];
  /** Of which kinds the first damage goes through the commands as well; by default of all that are refused. */
  throughCommands?: (kind: string) => boolean;
  report?: Report;
}

export interface DamageFigures {
  bytes: number;
  entries: number;
  /** Kinds of targets that it tells of. */
  targets: string[];
  kinds: Record<string, Record<Ending | "tried", number>>;
  copies: CopyFigures;
  commands: RefusalFigures;
  lost: LostFigures;
  /** What was misread, or did not end as it must. */
  wrong: string[];
}

/** Writes the journal of a real cutover, and damages it in all ways. */
export async function damageJournals(
  front: AwsFront,
  { name, random, cutEvery, flips, lose, throughCommands = () => true, report = () => {} }: JournalDamageOptions,
): Promise<DamageFigures> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-journal-damage-"));
  try {
    const world = await createWorld(front, `all.${name}`, allKinds);
    const journal = await writeStory(world, join(folder, "journal.jsonl"));
    const other = await writeStory(world, join(folder, "other.jsonl"));
    const { kinds, refused, wrong } = damage(journal, { random, cutEvery, flips, other }, throughCommands);
    report(`${sum(kinds)} damages of ${journal.bytes.length} bytes, ${wrong.length} wrong`);
    const copies = await damageCopies(journal, { random, flips });
    report(`${copies.tried} damages of a copy, ${copies.wrong.length} wrong`);
    const commands = await refuseThroughCommands(front, join(folder, "home"), refused);
    report(`${commands.commands} commands on damaged journals, ${commands.wrong.length} wrong`);
    const few = await createWorld(front, `few.${name}`, { ...small, manual: ["partner"] });
    const lost = await loseEachEntry({ front, world: few, folder, random, ...(lose && { only: lose }) });
    report(`${lost.entries} entries lost, ${lost.wrong.length} wrong`);
    return {
      bytes: journal.bytes.length,
      entries: journal.entries.length,
      targets: targetsIn(journal.entries),
      ...{ kinds, copies, commands, lost },
      wrong: [...wrong, ...copies.wrong, ...commands.wrong, ...lost.wrong],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function damage(journal: TrueJournal, options: DamageOptions, isWanted: (kind: string) => boolean) {
  const kinds: DamageFigures["kinds"] = {};
  const refused: Damage[] = [];
  const wrong: string[] = [];
  for (const each of damagesOf(journal, options)) {
    const ending = judge(journal, each.bytes, (bytes) => parseJournal(bytes, "journal.jsonl").entries);
    kinds[each.kind] ??= { tried: 0, refused: 0, whole: 0, shorter: 0 };
    const counts = kinds[each.kind] as DamageFigures["kinds"][string];
    counts.tried++;
    if (typeof ending === "object") wrong.push(`${each.kind}: ${ending.wrong}`);
    else if (counts[ending]++ === 0 && ending === "refused" && isWanted(each.kind)) refused.push(each);
  }
  return { kinds, refused, wrong };
}

/** By what their keys begin with: `route53`, `elastic-ip`. */
function targetsIn(entries: readonly JournalEntry[]): string[] {
  const keys = entries.flatMap((entry) => (entry.type === "intent" ? [entry.target.split(":")[0] ?? ""] : []));
  return [...new Set(keys)].sort();
}

function sum(kinds: DamageFigures["kinds"]): number {
  return Object.values(kinds).reduce((total, { tried }) => total + tried, 0);
}
