import type { KubeReader, KubeWriter } from "../../kube/api.js";
import type { KubeObject } from "../../model/objects.js";
import type { GreenRecord } from "../../model/run.js";
import type { CheckResult } from "../../model/smoke.js";
import type { ValidationReport } from "../../model/validation.js";
import { verdictOf } from "../../model/verdict.js";
import { groupOfNode, zoneOfNode } from "../../plan/topology.js";
import type { Expected } from "../../validate/check.js";
import { askOutside, lookAtGreen } from "../../validate/look.js";
import { probePods } from "../../validate/pods/probe.js";
import { type Steady, untilSteady } from "../../validate/steady.js";
import type { Context } from "./command.js";
import { listNodes } from "./nodes.js";
import { milliseconds, type Project } from "./project.js";
import { outsideChecks } from "./validate-aws.js";

export interface Validated {
  report: ValidationReport;
  /** False where it was given up before every check had held for long enough. */
  held: boolean;
}

/**
 * Looks at green until everything has held for green.validate.steady, then asks pods from each zone, where an image for them is
 * configured.
 *
 * @param patienceMs how long that may take; 0: after the first bad look it is over
 */
export async function validateGreen(
  project: Project,
  expected: Expected,
  green: KubeWriter,
  patienceMs: number,
  context: Context,
): Promise<Validated> {
  const { edges, progress } = context;
  const { validate } = project.config.green;
  const now = (): number => edges.now().getTime();
  const sleep = (ms: number): Promise<void> => edges.sleep(ms, edges.signal);
  const began = now();
  const outside = await outsideChecks(project, green, context);
  let said = "";
  try {
    for (;;) {
      const steady = await untilSteady(
        () => lookAtGreen(expected, { green, now, placeOf, outside: outside.checks, signal: edges.signal }),
        {
          steadyMs: milliseconds(validate.steady),
          everyMs: milliseconds(validate.every),
          patienceMs: patienceMs - (now() - began),
        },
        {
          now,
          sleep,
          onLook(checks) {
            const [first, ...others] = checks.filter(({ outcome }) => outcome === "failed");
            const text = first
              ? `${first.name}: ${first.detail}${others.length > 0 ? ` (and ${others.length} more)` : ""}`
              : "";
            if (text !== "" && text !== said) progress.line(`waiting: ${text}`);
            said = text;
          },
        },
      );
      if (!steady.held) return { report: await reportOf(green, steady, steady.checks, context), held: false };
      const pods = await askPods(project, green, context);
      const checks = [...steady.checks, ...pods];
      const failed = pods.some(({ outcome }) => outcome === "failed");
      if (!failed || now() - began >= patienceMs) {
        return { report: await reportOf(green, steady, checks, context), held: !failed };
      }
      progress.line(`waiting: ${pods.map(({ name, detail }) => `${name}: ${detail}`).join("; ")}`);
    }
  } finally {
    outside.close();
  }
}

/** Groups by this run's record, else by the plan's shape of green. */
export function expectedOf(
  { config }: Project,
  record: Pick<GreenRecord, "groups">,
  plan?: { topology: Topology },
): Expected {
  const planned = plan?.topology.groups.map(({ name, zones }) => ({ name, zones: Object.keys(zones) }));
  return { version: config.green.version, groups: record.groups ?? planned ?? [] };
}

interface Topology {
  groups: { name: string; zones: Record<string, number> }[];
}

/** The checks that a validation of this green would make, by name. */
export function checkNames({ config: { green } }: Project): string[] {
  return [
    "version, nodes, controllers, system workloads and pods, DNS",
    ...(green.stack.kind === "eks" ? ["managed add-ons", "free addresses"] : []),
    ...(green.validate.image === undefined ? [] : [podsCheck]),
  ];
}

const podsCheck = "pods from each zone";

async function reportOf(
  green: KubeReader,
  { ms, looks }: Steady,
  checks: CheckResult[],
  { edges }: Context,
): Promise<ValidationReport> {
  // Where the API doesn't answer, that is what the last look says.
  const { version, clusterId } = await green.info().catch(() => ({ version: "", clusterId: "" }));
  return {
    format: 1,
    at: edges.now().toISOString(),
    green: { clusterId, version },
    outcome: verdictOf(checks).outcome,
    steady: { ms, looks },
    checks,
  };
}

async function askPods({ config }: Project, green: KubeWriter, { edges }: Context): Promise<CheckResult[]> {
  const { image, podTimeout } = config.green.validate;
  if (image === undefined) return [];
  const now = (): number => edges.now().getTime();
  const started = now();
  const ask = async () => {
    const nodes = (await listNodes(green)).map((node) => ({ node, ...placeOf(node) }));
    const name = `clustershift-validate-${edges.random().toString(36).slice(2, 8)}`;
    const timeoutMs = milliseconds(podTimeout);
    const sleep = (ms: number): Promise<void> => edges.sleep(ms, edges.signal);
    return probePods({ image, timeoutMs, nodes, name }, { green, now, sleep });
  };
  const outcome = await askOutside({ name: podsCheck, kind: "pods", ask });
  edges.signal.throwIfAborted();
  return [{ name: podsCheck, kind: "pods", ...outcome, ms: now() - started }];
}

function placeOf(node: KubeObject): { group: string; zone: string } {
  return { group: groupOfNode(node), zone: zoneOfNode(node) };
}
