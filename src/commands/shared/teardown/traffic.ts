import { UserError } from "../../../model/errors.js";
import type { Journal } from "../../../model/journal.js";
import type { TrafficEdges } from "../../../traffic/effect.js";
import { finishTraffic, planFinish, type When } from "../../../traffic/finish.js";
import { greenServes } from "../../../traffic/serving.js";
import type { FinishTerms } from "../../../traffic/targets/target.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { awsOf, clockOf } from "../targets.js";

/** Nothing that costs blue is done on the word of a file alone. */
export async function requireServing(project: Project, journal: Journal, context: Context): Promise<void> {
  if (await withTraffic(project, journal, context, greenServes)) return;
  throw new UserError({
    code: "green-not-serving",
    what: "Green doesn't serve all traffic.",
    fix: "clustershift cutover",
  });
}

/** Nothing names blue any more from here on. */
export async function finish(when: When, project: Project, journal: Journal, context: Context): Promise<string[]> {
  return withTraffic(project, journal, context, (edges) => finishTraffic(when, termsOf(project), edges));
}

/** What `finish` would change, a line each. */
export async function plannedFinish(
  when: When,
  project: Project,
  journal: Journal,
  context: Context,
): Promise<string[]> {
  if (!project.config.aws) return [];
  return withTraffic(project, journal, context, async (edges) => planFinish(when, termsOf(project), edges));
}

export function describeFinish(title: string, records: readonly string[]): string[] {
  return records.length === 0 ? [] : [title, ...records.map((line) => `  ${line}`)];
}

/** A gate that asks nothing must not look like one that holds. */
export function notMeasured({ config }: Project): string[] {
  return config.traffic.leftover.sources.length > 0
    ? []
    : ["  Nobody measures who still talks to blue: traffic.leftover.sources is empty."];
}

const termsOf = ({ config }: Project): FinishTerms => ({ records: config.traffic.afterwards });

async function withTraffic<Result>(
  project: Project,
  journal: Journal,
  context: Context,
  work: (edges: TrafficEdges) => Promise<Result>,
): Promise<Result> {
  const aws = await awsOf(project, context);
  try {
    return await work({ aws, journal, clock: clockOf(context), signal: context.edges.signal });
  } finally {
    aws.close();
  }
}
