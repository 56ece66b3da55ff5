import { messageOf } from "../../model/errors.js";
import type { Journal, JournalEntry } from "../../model/journal.js";
import type { NoticeKind } from "../../model/notice.js";
import type { Plan } from "../../model/plan.js";
import { factsOf, type Happening } from "../../notify/facts.js";
import { eventsOf } from "../../notify/from-journal.js";
import { type Notice, wordsOf } from "../../notify/notice.js";
import { Outbox, type Undelivered } from "../../notify/outbox.js";
import { openSink, type SinkConfig } from "../../notify/sinks/index.js";
import type { Sink } from "../../notify/sinks/sink.js";
import { tellingJournal } from "../../notify/telling-journal.js";
import { Told } from "../../notify/told.js";
import type { GatedCommand } from "../../run/gates/index.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { Context } from "./command.js";
import { milliseconds, type Project } from "./project.js";
import { clockOf } from "./targets.js";
import { type Force, underGates, type Work, withJournal } from "./under-gates.js";

/** Milliseconds that a command may take longer for the sake of notices: after its work, and after Ctrl-C. */
const drainMs = { done: 10_000, interrupted: 2_000 };

/**
 * Lets a command work with a journal that tells people what is written to it, by the configuration's sinks. Nothing of it can stop
 * or delay the work: what can't be sent is a warning.
 */
async function withNotices<Result>(
  project: Project,
  run: RunFolder,
  context: Context,
  journal: Journal,
  work: (journal: Journal) => Promise<Result>,
): Promise<Result> {
  const telling = await beginTelling(project, run, context, journal).catch((error: unknown) => {
    context.progress.warn(`nobody is told of this: ${messageOf(error)}`);
    return undefined;
  });
  if (!telling) return work(journal);
  try {
    return await work(telling.journal);
  } finally {
    await telling.end().catch((error: unknown) => context.progress.warn(`notices: ${messageOf(error)}`));
  }
}

/** As underGates; and people are told what the command does. */
export function underGatesTold<Result>(
  command: GatedCommand,
  project: Project,
  run: RunFolder,
  context: Context,
  force: Force | undefined,
  work: (work: Omit<Work, "journal"> & { journal: Journal }) => Promise<Result>,
): Promise<Result> {
  return underGates(command, project, run, context, force, ({ journal, ...rest }) =>
    withNotices(project, run, context, journal, (telling) => work({ ...rest, journal: telling })),
  );
}

/** As withJournal; and people are told what the command does. */
export function withJournalTold<Result>(
  command: string,
  project: Project,
  run: RunFolder,
  context: Context,
  work: (journal: Journal) => Promise<Result>,
): Promise<Result> {
  return withJournal(command, project, run, context, ({ journal }) =>
    withNotices(project, run, context, journal, work),
  );
}

interface Telling {
  journal: Journal;
  end(): Promise<void>;
}

async function beginTelling(
  project: Project,
  run: RunFolder,
  context: Context,
  journal: Journal,
): Promise<Telling | undefined> {
  const sinks = await openSinks(project, context);
  if (sinks.length === 0) return undefined;
  const plan = await run.read("plan.json").catch(() => undefined);
  const told = await Told.open(run.path("notified.jsonl"));
  const outbox = new Outbox(sinks, {
    clock: clockOf(context),
    random: context.edges.random,
    onSettled: (sink, { seq }, delivered) => told.mark(sink.name, seq, delivered ? "delivered" : "given up"),
    onTrouble: (sink, why) => context.progress.warn(`"${sink.name}" can't be told: ${why}; the work goes on`),
  });
  const from = new Map<string, number>();
  for (const { name } of sinks) {
    const upTo = told.upTo(name);
    // Who is new to this run isn't told how it came to be where it is.
    if (upTo === undefined) told.mark(name, journal.entries().length, "began");
    from.set(name, upTo ?? journal.entries().length);
  }
  let seen = Math.min(...from.values());
  const tell = (entries: readonly JournalEntry[]): void => {
    const events = eventsOf(entries, seen);
    seen = entries.length;
    for (const event of events) {
      const notice = noticeOf(project, run, plan, event.kind, event, event.seq);
      outbox.send(notice, ({ name }) => event.seq > (from.get(name) ?? 0));
    }
  };
  tell(journal.entries());
  return {
    journal: tellingJournal(journal, tell),
    async end() {
      const ms = context.edges.signal.aborted ? drainMs.interrupted : drainMs.done;
      for (const left of await outbox.drain(ms)) context.progress.warn(describeUndelivered(left));
      await told.written();
    },
  };
}

/** The sinks that can be opened; the others are warned of. */
async function openSinks(project: Project, context: Context): Promise<Sink[]> {
  const opened: Sink[] = [];
  for (const config of project.config.notify.sinks) {
    try {
      opened.push(await openSinkOf(project, context, config));
    } catch (error) {
      context.progress.warn(`"${config.name}" can't be told: ${messageOf(error)}`);
    }
  }
  return opened;
}

export function openSinkOf(project: Project, { edges }: Context, config: SinkConfig): Promise<Sink> {
  const timeoutMs = milliseconds(project.config.notify.timeout);
  return openSink(config, { env: edges.env, dir: project.dir, now: () => edges.now().getTime(), timeoutMs });
}

/** A notice of what happened, in the team's words or ours. */
export function noticeOf(
  { config }: Project,
  run: RunFolder,
  plan: Plan | undefined,
  kind: NoticeKind,
  happening: Happening,
  seq = 0,
): Notice {
  const facts = factsOf({ run: run.id, config, plan }, happening);
  const at = new Date(happening.at).toISOString();
  // By hand it is another notice each time; of the journal's entry it is the same one.
  const id = seq > 0 ? `${run.id}/${seq}` : `${run.id}/${kind}/${at}`;
  return { id, kind, at, run: run.id, seq, ...wordsOf(kind, facts, config.notify.templates), facts };
}

export function describeUndelivered({ sink, notices, why }: Undelivered): string {
  const kinds = notices.map(({ kind }) => kind).join(", ");
  return `${notices.length} notice(s) did not reach "${sink}" (${kinds}): ${why}`;
}
