import type { WatchSnapshot } from "../../../model/watch.js";
import { RunFolder } from "../../../run/run-folder.js";
import { lookAtTraffic } from "../../../traffic/look.js";
import { connectBlue, reachGreen } from "../clusters.js";
import type { Context } from "../command.js";
import { milliseconds, type Project } from "../project.js";
import { awsOf, clockOf } from "../targets.js";
import { answersAsker } from "./answers.js";
import { clusterLook } from "./health.js";
import { keepLooking } from "./keep-looking.js";
import { openNewestRecord } from "./newest-record.js";
import { snapshotOf } from "./snapshot.js";
import { targetsOfShift, targetsToCome, type WatchedTargets } from "./watched-targets.js";

/** Milliseconds between looks at what costs others something, however often is drawn. */
const pauses = { copies: 5_000, traffic: 5_000, clusters: 30_000 };
/** A look that took many calls of Route 53 is followed by so many milliseconds a call: a running cutover needs the account's rate. */
const pausePerCallMs = 1_000;

export interface WatchOptions {
  intervalMs: number;
  /** Queries for each name at a time; 0: none. */
  queries: number;
  /** Which name server; undefined: the zone's own. */
  resolver: string | undefined;
}

export interface Lookouts {
  /** Once everything was looked at. */
  first: Promise<unknown>;
  snapshot(): WatchSnapshot;
  close(): Promise<void>;
}

/** Begins to look at everything that is watched, each thing at its own pace, until the signal. Nothing is written. */
export async function openLookouts(
  project: Project,
  outer: Context,
  { intervalMs, queries, resolver }: WatchOptions,
  signal: AbortSignal,
): Promise<Lookouts> {
  // What would be a warning of a command's is shown with what it is about.
  const silent = () => undefined;
  const progress = { line: silent, warn: silent, debug: silent, tick: silent, end: silent };
  const context: Context = { ...outer, progress };
  const records = await openNewestRecord(project, context);
  const record = keepLooking(
    () => records.read(),
    () => intervalMs,
    context,
    signal,
  );
  const newest = () => record.latest().value ?? undefined;

  let aws: Awaited<ReturnType<typeof awsOf>> | undefined;
  let toCome: WatchedTargets | undefined;
  const targets = async (): Promise<WatchedTargets> => {
    await record.first;
    const begun = targetsOfShift(newest()?.entries ?? []);
    if (begun) return begun;
    aws ??= await awsOf(project, context);
    toCome ??= await targetsToCome(project, newest(), aws);
    return toCome;
  };
  let calls = 0;
  const callsNow = () =>
    Object.entries(aws?.meter.actions() ?? {}).reduce(
      (sum, [action, { calls: made }]) => sum + (/ResourceRecordSets|HostedZone/.test(action) ? made : 0),
      0,
    );
  let pauseMs = pauses.traffic;
  const journal = {
    entries: () => [...(newest()?.entries ?? [])],
    append: () => Promise.reject(new Error("read only")),
  };
  const traffic = keepLooking(
    async () => {
      const { targets: watched, unseen } = await targets();
      if (watched.length === 0) return { portions: [], unseen };
      aws ??= await awsOf(project, context);
      const seen = await lookAtTraffic(watched, { aws, clock: clockOf(context), journal });
      pauseMs = Math.max(pauses.traffic, (callsNow() - calls) * pausePerCallMs);
      calls = callsNow();
      return { portions: seen.portions, unseen: [...unseen, ...seen.troubles] };
    },
    () => Math.max(intervalMs, pauseMs),
    context,
    signal,
  );
  const ask = answersAsker(resolver, queries);
  const answers = keepLooking(
    async () => (queries === 0 ? [] : ask((await targets()).targets)),
    () => Math.max(intervalMs, pauses.traffic),
    context,
    signal,
  );
  const run = () => new RunFolder(project.runsDir, newest()?.run ?? "none");
  const look = (open: Parameters<typeof clusterLook>[0], id: () => string | undefined) => {
    const cluster = clusterLook(open, id, project, context, signal);
    const lookout = keepLooking(
      async () => {
        await record.first;
        return cluster.look();
      },
      () => Math.max(intervalMs, pauses.clusters),
      context,
      signal,
    );
    return { ...lookout, close: cluster.close };
  };
  const blue = look(
    () => connectBlue(project, context),
    () => newest()?.plan?.blue.clusterId,
  );
  const green = look(
    () => reachGreen(project, run(), context),
    () => newest()?.green?.clusterId,
  );
  const settings = {
    environment: project.config.environment,
    inconclusiveForMs: milliseconds(project.config.traffic.inconclusiveFor),
  };
  return {
    first: Promise.all([record, traffic, answers, blue, green].map((each) => each.first)),
    snapshot: () =>
      snapshotOf(
        {
          record: record.latest(),
          traffic: traffic.latest(),
          answers: answers.latest(),
          blue: blue.latest(),
          green: green.latest(),
        },
        settings,
        context.edges.now().getTime(),
      ),
    async close() {
      aws?.close();
      await Promise.all([records.close(), blue.close(), green.close()]);
    },
  };
}
