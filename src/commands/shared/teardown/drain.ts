import { resolve } from "node:path";
import { connectDrain, type KubeDrain } from "../../../kube/drain.js";
import { aliasOf } from "../../../model/cloud.js";
import { UserError } from "../../../model/errors.js";
import type { Journal } from "../../../model/journal.js";
import { refKey, refOf } from "../../../model/objects.js";
import { namesIn } from "../../../sweep/blue.js";
import { type Drainable, drainBlue } from "../../../sweep/drain.js";
import type { Answering } from "../../../sweep/judge.js";
import type { Context } from "../command.js";
import { milliseconds, type Project } from "../project.js";
import { clockOf } from "../targets.js";
import type { OpenSweep } from "./open-sweep.js";

/** What a drain would delete, and what of blue's stays, with the reason. */
export interface DrainPlan {
  going: Drainable[];
  kept: { object: string; why: string }[];
}

/** Reads only. What green uses, or a record answers with that isn't blue's external-dns's, is not drained. */
export async function planDrain({ blue, edges }: OpenSweep): Promise<DrainPlan> {
  const { needed } = await edges.protections();
  const own = await edges.kinds.record.list();
  const answering = (await edges.kinds.record.answering()).filter(
    ({ id, serves }) => serves && !own.some((record) => record.id === id && edges.blue.owners.has(record.owner ?? "")),
  );
  const plan: DrainPlan = { going: [], kept: [] };
  for (const drainable of blue.drainable) {
    const why = namesIn(drainable.object.status)
      .map((name) => needed.get(aliasOf(name)) ?? answered(name, answering))
      .find(Boolean);
    if (why === undefined) plan.going.push(drainable);
    else plan.kept.push({ object: refKey(refOf(drainable.object)), why });
  }
  return plan;
}

function answered(name: string, answering: readonly Answering[]): string | undefined {
  const record = answering.find(({ leadsTo }) => leadsTo.includes(aliasOf(name)));
  return record && `the record ${record.name} leads to it`;
}

export function describeDrain({ going, kept }: DrainPlan): string[] {
  return [
    ...going.map(({ object }) => `  delete on blue: ${refKey(refOf(object))}`),
    ...kept.map(({ object, why }) => `  stays  ${object}: ${why}`),
  ];
}

/**
 * Deletes on blue what stands for load balancers, where that is asked for, and waits until these are gone.
 *
 * @param clusterId the plan's blue
 */
export async function drain(
  project: Project,
  sweep: OpenSweep,
  clusterId: string | undefined,
  journal: Journal,
  context: Context,
): Promise<void> {
  const { drain: config } = project.config.blue.teardown ?? {};
  if (!config) return;
  if (sweep.blue.silent !== undefined) {
    context.progress.warn(`blue isn't drained, since it gives no answer: ${sweep.blue.silent}`);
    return;
  }
  const writer = sweep.blue.externalDns.find(({ runs, dryRun, policy }) => runs && !dryRun && policy === "sync");
  if (writer) {
    throw new UserError({
      code: "external-dns-active",
      what: `Blue's external-dns ${refKey(writer.object)} runs with policy sync: once Services are deleted it would delete their records.`,
      fix: "Scale it to 0 on blue; the same command then goes on.",
    });
  }
  const plan = await planDrain(sweep);
  const { kubeconfig, context: name, timeout } = config;
  const client = await connectDrain({
    ...(kubeconfig && { kubeconfig: resolve(project.dir, kubeconfig) }),
    context: name,
    env: context.edges.env,
  });
  try {
    await requireMayDrain(client, clusterId, plan);
    await drainBlue(plan.going, {
      blue: client,
      journal,
      clock: clockOf(context),
      timeoutMs: milliseconds(timeout),
      signal: context.edges.signal,
      balancers: () => balancerNames(sweep),
      onProgress: (line) => context.progress.line(`teardown: ${line}`),
    });
  } finally {
    await client.close();
  }
}

/** Nothing is deleted before it's sure that this is blue, and that all of it may be deleted. */
async function requireMayDrain(client: KubeDrain, clusterId: string | undefined, { going }: DrainPlan): Promise<void> {
  const fix = "Mend blue.teardown.drain: clustershift permissions blue-drain prints what its identity needs.";
  const its = (await client.info()).clusterId;
  if (its !== clusterId) {
    const what = `Context ${client.name} leads to the cluster ${its}, and blue is ${clusterId}. Blue was not removed.`;
    throw new UserError({ code: "config-invalid", what, fix });
  }
  const lacks: string[] = [];
  for (const { resource, object } of going) {
    const lack = await client.lacks(resource, object);
    if (lack !== undefined) lacks.push(`${refKey(refOf(object))}: ${lack} for context ${client.name}`);
  }
  if (lacks.length === 0) return;
  const what = ["Blue can't be drained, and was not removed:", ...lacks].join("\n  ");
  throw new UserError({ code: "config-invalid", what, fix });
}

async function balancerNames({ edges: { kinds } }: OpenSweep): Promise<ReadonlySet<string>> {
  const both = [...(await kinds["load-balancer"].list()), ...(await kinds["classic-load-balancer"].list())];
  return new Set(both.flatMap(({ aliases }) => aliases));
}
