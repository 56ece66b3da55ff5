import type { KubeReader, KubeWriter } from "../../kube/api.js";
import { listAll } from "../../kube/list-all.js";
import type { KubeObject } from "../../model/objects.js";
import type { GreenRecord } from "../../model/run.js";
import type { CheckResult } from "../../model/smoke.js";
import type { ValidationReport } from "../../model/validation.js";
import { verdictOf } from "../../model/verdict.js";
import { groupOfNode, zoneOfNode } from "../../plan/topology.js";
import type { Expected } from "../../validate/check.js";
import { addOnsActive } from "../../validate/checks/add-ons.js";
import { freeAddresses } from "../../validate/checks/addresses.js";
import { askOutside, lookAtGreen, type OutsideCheck } from "../../validate/look.js";
import { probePods } from "../../validate/pods/probe.js";
import { servedResource } from "../../validate/snapshot.js";
import { type Steady, untilSteady } from "../../validate/steady.js";
import { connectBlue } from "./clusters.js";
import type { Context } from "./command.js";
import { listNodes, nodeInstances } from "./nodes.js";
import { milliseconds, type Project } from "./project.js";
import { clockOf } from "./targets.js";

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
  const { version, clusterId } = await green.info();
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

/** What EKS and EC2 say of a green that is theirs; none of another. */
async function outsideChecks(
  project: Project,
  green: KubeReader,
  context: Context,
): Promise<{ checks: OutsideCheck[]; close(): void }> {
  const { config } = project;
  const { stack, name } = config.green;
  if (stack.kind !== "eks") return { checks: [], close() {} };
  const region = config.aws?.region ?? stack.settings.region;
  const aws = { ...config.aws, region: String(region) };
  const [{ openEks }, { openCapacity }] = await Promise.all([
    import("../../aws/eks.js"),
    import("../../aws/capacity.js"),
  ]);
  const edges = { clock: clockOf(context), random: context.edges.random };
  const eks = openEks(aws, edges);
  const capacity = openCapacity(aws, edges);
  // Blue is listed once for all looks.
  let toCome: Promise<number> | undefined;
  return {
    checks: [
      { name: "managed add-ons", kind: "eks", ask: async () => addOnsActive(await eks.addOns(name)) },
      {
        name: "free addresses",
        kind: "ec2",
        async ask() {
          const instances = nodeInstances(await listNodes(green)).map(({ instanceId }) => instanceId);
          const subnets = await capacity.subnetsOf(instances);
          if (subnets.length === 0) throw new Error("no node of green is an instance of EC2");
          toCome ??= podsToCome(project, green, context);
          return freeAddresses(subnets, await toCome);
        },
      },
    ],
    close() {
      eks.close();
      capacity.close();
    },
  };
}

/** Pods with addresses of their own that blue has, and green not yet. */
async function podsToCome(project: Project, green: KubeReader, context: Context): Promise<number> {
  const blue = await connectBlue(project, context);
  try {
    const [there, here] = await Promise.all([podsWithAddresses(blue), podsWithAddresses(green)]);
    return Math.max(0, there - here);
  } finally {
    await blue.close();
  }
}

export async function podsWithAddresses(kube: Pick<KubeReader, "discover" | "pages">): Promise<number> {
  const { resources } = await kube.discover();
  return (await listAll(kube, servedResource(resources, "", "Pod"))).filter(hasAddress).length;
}

/** A pod of the host's network has the node's address, and one that has ended gives its own back. */
export function hasAddress({ spec, status }: KubeObject): boolean {
  const ended = ["Succeeded", "Failed"].includes(String((status as { phase?: string } | undefined)?.phase));
  return !ended && (spec as { hostNetwork?: boolean } | undefined)?.hostNetwork !== true;
}

function placeOf(node: KubeObject): { group: string; zone: string } {
  return { group: groupOfNode(node), zone: zoneOfNode(node) };
}
