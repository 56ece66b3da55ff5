import type { KubeWriter } from "../kube/api.js";
import { addsUp, type Outcome } from "../model/accounting.js";
import { UserError } from "../model/errors.js";
import { countByEnd, type HeldObject, releasedKeys } from "../model/held.js";
import type { Journal } from "../model/journal.js";
import { refKey, refOf } from "../model/objects.js";
import { account } from "../replay/accounting.js";
import type { Awaited } from "../replay/deployers/await-left.js";
import { follow } from "../replay/follow.js";
import { holdAgain } from "../replay/holds/release.js";
import { parity } from "../replay/parity.js";
import { planReplay, type ReplayResult, replay } from "../replay/replay.js";
import { accountingTable, textTable } from "../report/tables.js";
import { trafficState } from "../run/evidence.js";
import { LedgerFile } from "../run/ledger-file.js";
import type { VolumeOutcome } from "../volumes/edges.js";
import { awaitDeployers, describeAwaited } from "./shared/awaiting.js";
import { archiveObjects } from "./shared/blue-source.js";
import { bundleSource } from "./shared/bundle-source.js";
import { connectBlue, connectGreen, openRunBundle } from "./shared/clusters.js";
import { type Command, type Context, dryRunOption, forceOptions, fromOf, fromOption } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { beforeReplay, doEarlier } from "./shared/from-archive.js";
import { describeOutcomes, HeldFile, holdEdges } from "./shared/holds.js";
import { openProject, type Project } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { replayRules } from "./shared/replay-rules.js";
import { describeShared, shareFileSystems } from "./shared/shared-volumes.js";
import { forceOf, underGates } from "./shared/under-gates.js";

export const migrateCommand: Command = {
  name: "migrate",
  summary: "Replay the bundle into green, and account for every object.",
  description:
    "Chooses the version of each kind from both servers' discovery, leaves behind what must not be copied by named rules, migrates what has no common version, orders, and writes to green. Every object of blue ends as migrated, merged, derived, skipped, dropped or failed; the counts are printed and add up. Then green is compared with blue, object by object. After an interruption the same command goes on; run again, it writes nothing that is there already. With --from the run's bundle is first exported from that archive and rehearsed, each under its own gates, unless it is that already.",
  options: {
    ...dryRunOption,
    ...fromOption,
    ...forceOptions,
    follow: {
      type: "boolean",
      default: false,
      describe:
        "Then keep green in step with blue's later changes, until Ctrl-C. Deletions are reported, not followed.",
    },
    overwrite: { type: "boolean", default: false, describe: "Write also over what somebody else changed on green." },
  },
  examples: [
    { command: "clustershift migrate --dry-run", what: "what would become of each kind" },
    { command: "clustershift migrate", what: "" },
    {
      command: "clustershift migrate --from velero:s3://acme-backups/velero#nightly-20260307",
      what: "export and rehearse from a backup first, as far as that isn't done",
    },
  ],
  async run(args, context) {
    const { edges, progress } = context;
    const project = await openProject(context);
    const { config } = project;
    const run = await requireRun(project, context);
    const from = fromOf(args);
    if (args.dryRun) {
      const record = await run.read("green.json");
      if (!record)
        throw new UserError({ code: "green-missing", what: "There is no green cluster yet.", fix: "clustershift up" });
      const green = await connectGreen(project, run, record, context);
      try {
        const { resources } = await green.discover();
        const rules = await replayRules(project, run, releasedOn(record.clusterId, await readOnlyJournal(run)));
        const source = from
          ? (await archiveObjects(from, undefined, project, run, () => resources, context)).source
          : bundleSource(await openRunBundle(project, run));
        const { prepared } = await planReplay(source, rules, resources);
        const accounting = account([...prepared.promised.values(), ...prepared.settled]);
        const held = prepared.departures.flatMap(({ object, held }) =>
          held ? [{ object: refOf(object), ...held }] : [],
        );
        return {
          code: "ok",
          json: { dryRun: true, accounting, held },
          text: [`Would end as:\n${textTable(accountingTable(accounting))}`, ...describeHeld(held)].join("\n"),
        };
      } finally {
        await green.close();
      }
    }
    const refused = from && (await doEarlier(beforeReplay, from, project, run, context));
    if (refused) return refused;
    return underGates("migrate", project, run, context, forceOf(args), async ({ evidence, journal }) => {
      if (!evidence.green || !evidence.bundle)
        throw new UserError({
          code: "green-missing",
          what: "A forced gate can't stand in for green or its bundle.",
          fix: "clustershift up && clustershift export",
        });
      const green = await connectGreen(project, run, evidence.green, context);
      const ledger = LedgerFile.open(run);
      try {
        const bundle = await openRunBundle(project, run);
        const { clusterId } = evidence.green;
        if (trafficState(journal.entries()).at === "blue") await quietAgain(green, journal, context);
        const rules = await replayRules(project, run, releasedOn(clusterId, journal));
        const held = await HeldFile.open(run, clusterId, edges.now);
        const step = `migrate/${evidence.green.clusterId}/${evidence.bundle.hash}`;
        await journal.append({
          type: "intent",
          step,
          phase: "migrate",
          what: `replay ${bundle.manifest.objects} objects`,
          target: evidence.green.stack,
          before: null,
          after: { bundle: evidence.bundle.hash },
        });
        let done = 0;
        const result = await replay(bundleSource(bundle), rules, {
          green,
          concurrency: config.replay.concurrency,
          overwrite: args.overwrite === true,
          ledger,
          signal: edges.signal,
          onPrepared: (departures) => held.note(departures),
          onOutcome: () => progress.tick("migrate", { done: ++done, total: bundle.manifest.objects, unit: "objects" }),
        });
        const at = edges.now().toISOString();
        const comparison = await parity(result.expected, green, { at, ledger, signal: edges.signal });
        await run.writeText("replay.jsonl", result.outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join(""));
        await run.write("parity.json", comparison);
        await held.write();
        const shared = await shareFileSystems(evidence.plan, bundle, run, { green, journal, context });
        const awaited = await awaitDeployers(result.plan, green, project, context);
        await run.write("replay.json", {
          format: 1,
          at,
          green: { clusterId: evidence.green.clusterId },
          bundle: evidence.bundle.hash,
          accounting: result.accounting,
          ...(awaited.left > 0 && { left: { come: awaited.come, missing: awaited.missing } }),
        });
        const { total } = result.accounting;
        const replayed = total.failed === 0 && result.unaccounted.length === 0 && addsUp(result.accounting);
        const notShared = shared.filter((each) => each.failed !== undefined);
        const sound = replayed && awaited.missing.length === 0 && notShared.length === 0;
        await journal.append(
          sound
            ? {
                type: "done",
                step,
                result: {
                  ...total,
                  writes: result.writes,
                  differences: comparison.differences.length,
                  left: awaited.left,
                },
              }
            : {
                type: "failed",
                step,
                error: `${total.failed} objects failed, ${result.unaccounted.length} kinds don't add up, ${awaited.missing.length} of ${awaited.left} left to deployers haven't come, ${notShared.length} shared volumes aren't bound`,
              },
        );
        if (args.follow && sound) await followBlue(result, green, { held, ledger }, project, context);
        return {
          code: sound && comparison.differences.length === 0 ? "ok" : "replay-failed",
          json: {
            accounting: result.accounting,
            unaccounted: result.unaccounted,
            writes: result.writes,
            parity: comparison,
            findings: result.findings,
            left: awaited,
            held: held.objects,
            volumes: shared,
          },
          text: describe(result, held.objects, awaited, shared, comparison.differences.length),
        };
      } finally {
        await ledger.close();
        await green.close();
      }
    });
  },
};

/** Ends by Ctrl-C, which is how it's meant to end: what came over is in green, and the next smoke test says how it stands. */
async function followBlue(
  result: ReplayResult,
  green: KubeWriter,
  { held, ledger }: { held: HeldFile; ledger: LedgerFile },
  project: Project,
  context: Context,
): Promise<void> {
  const { progress, edges } = context;
  const blue = await connectBlue(project, context);
  try {
    await follow(result, {
      blue,
      green,
      ledger,
      signal: edges.signal,
      onPrepared: (departures) => held.note(departures),
      onCaughtUp: () => progress.line("follow: green is in step with blue; Ctrl-C ends it"),
      onChange: ({ object, ending, reason }, writes) => {
        if (ending === "failed") progress.warn(`${refKey(object)} did not arrive: ${reason}`);
        else if (writes > 0) progress.line(`follow: ${refKey(object)}`);
      },
      onDeleted: (object) => progress.warn(`${refKey(object)} was deleted on blue, and stays on green`),
    });
  } finally {
    await blue.close();
  }
}

/** Objects that act on green by now; none of them counts while blue serves, since then nothing of green may act. */
function releasedOn(clusterId: string, journal: Journal): Set<string> {
  const entries = journal.entries();
  return trafficState(entries).at === "blue" ? new Set() : releasedKeys(entries, clusterId);
}

/** A rollback that couldn't reach green left there what was released. */
async function quietAgain(green: KubeWriter, journal: Journal, context: Context): Promise<void> {
  const outcomes = await holdAgain(holdEdges(green, journal, context));
  for (const line of describeOutcomes(outcomes, "held again")) context.progress.line(`migrate: ${line}`);
}

function describeHeld(held: readonly Pick<HeldObject, "hold" | "until" | "object">[]): string[] {
  return held.length === 0 ? [] : [`Held on green: ${countByEnd(held)}; \`clustershift status\` names each.`];
}

function describe(
  result: ReplayResult,
  held: readonly HeldObject[],
  awaited: Awaited,
  shared: readonly VolumeOutcome[],
  differences: number,
): string {
  const failed = result.outcomes.filter(({ ending }) => ending === "failed");
  const notShared = shared.some((each) => each.failed !== undefined);
  const isSound = failed.length === 0 && awaited.missing.length === 0 && !notShared && differences === 0;
  return [
    textTable(accountingTable(result.accounting)),
    "",
    ...failed.map(describeFailure),
    ...result.unaccounted.map(({ kind, listed, ended }) => `  ${kind}: ${listed} listed, but ${ended} accounted for`),
    `${result.accounting.total.listed} objects accounted for, ${result.accounting.total.failed} failed, ${result.writes} writes; ${differences} undeclared difference(s).`,
    ...describeAwaited(awaited),
    ...describeHeld(held),
    ...describeShared(shared),
    isSound ? "Next: clustershift smoke" : "Mend them, then: clustershift migrate",
  ].join("\n");
}

function describeFailure({ object, reason }: Outcome): string {
  return `  failed: ${refKey(object)}: ${reason ?? "no reason given"}`;
}
