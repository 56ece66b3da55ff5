import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import type { AwsApi } from "../../../aws/api.js";
import { UserError } from "../../../model/errors.js";
import type { Journal, JournalEntry } from "../../../model/journal.js";
import { FileJournal } from "../../../run/journal.js";
import { RunFolder } from "../../../run/run-folder.js";
import { markingOf } from "../../../traffic/marks/marking.js";
import { type Rebuilt, rebuildJournal } from "../../../traffic/marks/rebuild.js";
import { placeOf } from "../../../traffic/targets/load-balancer/resolve.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { writeCopies } from "./copies-file.js";
import { moveInto } from "./take-over.js";

/** What a shift left on what the configuration names; undefined where there is nothing. Writes nothing. @throws UserError `drifted` */
export async function findMarks({ config }: Project, aws: AwsApi): Promise<Rebuilt | undefined> {
  const { route53, loadBalancers, manual } = config.traffic;
  const { owner } = markingOf("", config.blue.name);
  const zoneIds: string[] = [];
  for (const { zone, records: _, ...which } of route53) zoneIds.push((await aws.route53.findZone(zone, which)).id);
  const balancers = [];
  for (const { listener, rule } of loadBalancers) balancers.push(await placeOf(listener, rule, aws.elbv2));
  const addresses = config.traffic.elasticIps.length > 0;
  const tasks = manual.map((task) => ({ kind: "manual" as const, ...task }));
  return rebuildJournal({ owner, zoneIds, balancers, addresses, manual: tasks }, aws);
}

/** Its journal for a dry run, which may look and must not write. */
export function journalInMemory({ records }: Rebuilt, { edges }: Context): Journal {
  const at = edges.now().toISOString();
  const entries = records.map((record, index) => ({ ...record, seq: index + 1, at, sum: "" }) as JournalEntry);
  return {
    entries: () => entries,
    append: async () => {
      throw new Error("a dry run doesn't write to the journal");
    },
  };
}

/** A run's folder with what the marks say, whole or not at all: from here on everything is as with any other run. */
export async function writeRebuilt({ run, records }: Rebuilt, project: Project, context: Context): Promise<RunFolder> {
  const draft = new RunFolder(project.runsDir, `.${run}.${randomUUID()}`);
  await mkdir(draft.dir, { recursive: true });
  try {
    const journal = await FileJournal.open(draft.journalPath, context.edges.now);
    for (const record of records) await journal.append(record);
    await journal.close();
    const at = context.edges.now().toISOString();
    const taken = { store: "the marks on what it moved", at, upTo: null };
    await writeCopies(draft, { format: 1, tokens: [], stores: [], taken });
    const folder = new RunFolder(project.runsDir, run);
    await moveInto(draft.dir, folder.dir);
    return folder;
  } finally {
    await rm(draft.dir, { recursive: true, force: true });
  }
}

/** Nobody has the record that would vouch for what is written: a person does. */
export async function confirmRebuilt({ run }: Rebuilt, given: unknown, { edges }: Context): Promise<void> {
  if (given === true) return;
  const answer = await edges.ask?.(
    `No record of run ${run} is left; everything goes back by what it left on records, addresses and rules. Type yes to go on: `,
  );
  if (answer === "yes") return;
  throw new UserError({
    code: "not-confirmed",
    what: `No record of run ${run} is left, only its marks, and nobody confirmed that everything shall go back by them.`,
    fix: "clustershift rollback --dry-run shows what would be written; then: clustershift rollback --yes",
  });
}
