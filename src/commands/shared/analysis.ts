import type { AnalysisContext } from "../../analysis/context.js";
import { runAnalysis } from "../../analysis/run-analysis.js";
import type { KubeReader } from "../../kube/api.js";
import { messageOf } from "../../model/errors.js";
import type { JournalEntry } from "../../model/journal.js";
import type { GreenRecord } from "../../model/run.js";
import type { CheckResult } from "../../model/smoke.js";
import { type Verdict, verdictOf } from "../../model/verdict.js";
import type { RunFolder } from "../../run/run-folder.js";
import { lastShift } from "../../traffic/history.js";
import type { Context } from "./command.js";
import { checkHealth } from "./health.js";
import type { Project } from "./project.js";
import { checkGreen } from "./smoke.js";
import { clockOf, cloudWatchOf } from "./targets.js";

/** Makes the checks of traffic.analysis now. Nothing of the run is needed, but checks may name green's addresses. */
export async function analyse(
  project: Project,
  at: { stage: string; journal: readonly JournalEntry[]; run?: string | undefined; green?: GreenRecord | undefined },
  context: Context,
): Promise<CheckResult[]> {
  const { config, dir } = project;
  const analysisContext: AnalysisContext = {
    step: {
      id: at.stage,
      share: shareAt(at.stage, at.journal),
      run: at.run ?? "",
      blue: config.blue.name,
      green: config.green.name,
    },
    addresses: at.green?.addresses ?? {},
    dir,
    env: context.edges.env,
    clock: clockOf(context),
    signal: context.edges.signal,
    openCloudWatch: cloudWatchOf(project, context),
  };
  return runAnalysis(config.traffic.analysis, analysisContext);
}

/** All evidence after a stage: green under production's names, and what the world says of it. */
export async function evidenceAfter(
  stage: string,
  scene: {
    project: Project;
    run: RunFolder;
    record: GreenRecord;
    kube: KubeReader;
    planHash: string;
    journal: readonly JournalEntry[];
    context: Context;
  },
): Promise<Verdict> {
  const { project, run, record, kube, planHash, journal, context } = scene;
  const checks = checksOfSteps(project).smoke;
  const smoke = checkGreen(project, run, { record, kube }, planHash, checks, context).then(
    (report) => report.checks,
    // What analysis says still counts: it may know that green fails.
    (error: unknown): CheckResult[] => [
      {
        name: "smoke",
        kind: "smoke",
        outcome: "inconclusive",
        detail: `no check could be made: ${messageOf(error)}`,
        ms: 0,
      },
    ],
  );
  const analysis = analyse(project, { stage, journal, run: run.id, green: record }, context);
  const health = checkHealth(project, record, kube, context);
  const [ofSmoke, ofAnalysis, ofHealth] = await Promise.all([smoke, analysis, health]);
  const results = [...ofSmoke, ...ofAnalysis];
  // Health alone is no evidence: where nobody said what to check, nothing passes.
  return verdictOf(results.length === 0 ? [] : [...results, ofHealth]);
}

/** What is checked after each step. */
export function checksOfSteps({ config }: Project) {
  return {
    // Parity was proved before any traffic came; from then on green has a life of its own.
    smoke: config.smoke.checks.filter(({ kind }) => kind !== "parity"),
    analysis: config.traffic.analysis,
  };
}

/** Green's share once this stage is done, as far as the journal's stages tell. */
function shareAt(stage: string, journal: readonly JournalEntry[]): number {
  const last = lastShift(journal);
  const passed = last === undefined || last.status === "returned" ? [] : [...last.passed];
  const shares = [...passed, stage].flatMap((id) => /^share\/(\d+)$/.exec(id)?.[1] ?? []);
  return Math.max(0, ...shares.map(Number));
}
