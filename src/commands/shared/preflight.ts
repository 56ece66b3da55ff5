import type { Capacity } from "../../aws/capacity.js";
import type { Eks } from "../../aws/eks.js";
import { policiesFor } from "../../aws/permissions/policy.js";
import { questionsOf } from "../../aws/permissions/questions.js";
import type { Quotas } from "../../aws/quotas.js";
import type { Simulation } from "../../aws/simulate.js";
import { messageOf, UserError } from "../../model/errors.js";
import { parseKubeVersion } from "../../model/kube-version.js";
import type { KubeObject } from "../../model/objects.js";
import type { Preflight, QuotaUse } from "../../model/preflight.js";
import { isStandard, quotaNeeds } from "../../plan/quota-needs.js";
import type { Context } from "./command.js";
import { scopeOf } from "./permission-scope.js";
import type { Project } from "./project.js";
import { askRegistries } from "./registries.js";
import { awsOf, clockOf } from "./targets.js";
import { hasAddress } from "./validate-aws.js";

type Cluster = ReturnType<typeof import("../../../stacks/settings/cluster-settings.js")["parseClusterSettings"]>;

/** Everything of AWS that is asked, all of it by reading. */
interface Asking {
  eks: Eks;
  capacity: Capacity;
  quotas: Quotas;
  simulation: Simulation;
  /** ARN of the credentials. */
  caller(): Promise<string>;
}

/**
 * What AWS says of a green that will be one of EKS, before it is stood up; undefined for another. What isn't answered is in `unasked`:
 * a plan is made all the same, and says so.
 */
export async function preflightOf(
  project: Project,
  objects: readonly KubeObject[],
  context: Context,
): Promise<Preflight | undefined> {
  const { green, aws } = project.config;
  if (green.stack.kind !== "eks") return undefined;
  const region = aws?.region ?? String(green.stack.settings.region ?? "");
  const preflight: Preflight = { region, quotas: [], registries: [], unasked: [] };
  const settings = await settingsOf(project, preflight);
  if (region === "") {
    preflight.unasked.push({ what: "AWS", why: "neither aws.region nor green's settings name a region" });
    return preflight;
  }
  const asking = await open({ ...aws, region }, project, context);
  const asked = async (what: string, question: () => Promise<void>): Promise<void> => {
    await question().catch((error: unknown) => {
      context.edges.signal.throwIfAborted();
      preflight.unasked.push({ what, why: messageOf(error) });
    });
  };
  context.progress.line("asking AWS what green will need");
  try {
    await Promise.all([
      ...(settings ? askOfSettings(settings, objects, preflight, asking, asked) : []),
      asked("which actions are allowed (iam:SimulatePrincipalPolicy, iam:GetRole)", async () => {
        const principal = await asking.simulation.principal(await asking.caller());
        const scope = scopeOf(project.config);
        const questions = (["up", "cutover"] as const).flatMap((phase) => questionsOf(policiesFor(phase, scope)));
        preflight.permissions = { principal, actions: await asking.simulation.simulate(principal, questions) };
      }),
      asked("whether EKS has this version (eks:DescribeClusterVersions)", async () => {
        const minor = minorOf(green.version);
        preflight.version = {
          minor,
          offer: (await asking.eks.version(minor)) ?? null,
          askedAt: context.edges.now().toISOString(),
        };
      }),
      askRegistries(objects, context).then((registries) => {
        preflight.registries = registries;
      }),
    ]);
    // What answers first must not decide over the plan.
    preflight.unasked.sort((a, b) => (a.what < b.what ? -1 : 1));
    preflight.quotas.sort((a, b) => (a.what < b.what ? -1 : 1));
    return preflight;
  } finally {
    for (const each of [asking.eks, asking.capacity, asking.quotas, asking.simulation]) each.close();
  }
}

/** Green's settings, where they are right; a wrong one is told now, and not once green is to be stood up. */
async function settingsOf({ config: { green } }: Project, preflight: Preflight): Promise<Cluster | undefined> {
  if (green.stack.kind !== "eks") return undefined;
  const { parseClusterSettings } = await import("../../../stacks/settings/cluster-settings.js");
  try {
    return parseClusterSettings({ name: green.name, version: minorOf(green.version), ...green.stack.settings });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    preflight.unasked.push({
      what: "quotas, add-ons and addresses, since green's settings are wrong",
      why: error.message,
    });
    return undefined;
  }
}

type Asked = (what: string, question: () => Promise<void>) => Promise<void>;

function askOfSettings(
  settings: Cluster,
  objects: readonly KubeObject[],
  preflight: Preflight,
  { eks, capacity, quotas }: Asking,
  asked: Asked,
): Promise<void>[] {
  const groups = settings.groups.map((group) => ({
    instanceTypes: group.instanceTypes,
    capacity: group.capacity,
    max: group.max,
    parts: (group.perZone ?? group.volumes) ? (group.zones?.length ?? zonesOf(settings)) : 1,
  }));
  const types = [...new Set(groups.flatMap(({ instanceTypes: [first = ""] }) => first))];
  const use = async (what: string, service: string, code: string, used: () => Promise<number>, adds: number) => {
    const [limit, now] = await Promise.all([quotas.quota(service, code), used()]);
    preflight.quotas.push({ what, service, code, limit, used: now, adds } satisfies QuotaUse);
  };
  const quota = (what: string, ...[service, code, used, adds]: [string, string, () => Promise<number>, number]) =>
    asked(`quota of ${what} (servicequotas:GetServiceQuota)`, () => use(what, service, code, used, adds));
  const instances = async (isSpot: boolean): Promise<number> => {
    // Those of a green that stands already are what it needs, and no others.
    const others = (await capacity.instances()).filter(
      ({ type, tags, ...each }) => each.isSpot === isSpot && isStandard(type) && tags[clusterTag] !== settings.name,
    );
    const silent = [...new Set(others.filter(({ vcpus }) => vcpus === null).map(({ type }) => type))];
    const usual = await capacity.vcpusOf(silent);
    return others.reduce((sum, { vcpus, type }) => sum + (vcpus ?? usual.get(type) ?? 0), 0);
  };
  const vcpus = async (): Promise<void> => {
    const needs = quotaNeeds(groups, await capacity.vcpusOf(types));
    if (needs.unknownTypes.length > 0)
      preflight.unasked.push({
        what: "vCPUs of green's groups",
        why: `EC2 has no ${needs.unknownTypes.join(", ")} in this region`,
      });
    await Promise.all([
      use("EC2 vCPUs, on demand, standard families", "ec2", "L-1216C47A", () => instances(false), needs.onDemandVcpus),
      ...(needs.spotVcpus > 0
        ? [use("EC2 vCPUs, spot, standard families", "ec2", "L-34B43A08", () => instances(true), needs.spotVcpus)]
        : []),
    ]);
  };
  const { nodeGroups, biggestGroup } = quotaNeeds(groups, new Map());
  const { foundation, addOns } = settings;
  return [
    asked(
      "quotas of EC2 vCPUs (servicequotas:GetServiceQuota, ec2:DescribeInstances, ec2:DescribeInstanceTypes)",
      vcpus,
    ),
    asked("quota of EKS clusters (servicequotas:GetServiceQuota, eks:ListClusters)", async () => {
      const names = await eks.clusters();
      const adds = names.includes(settings.name) ? 0 : 1;
      await use("EKS clusters", "eks", "L-1194D53C", async () => names.length, adds);
    }),
    quota("EKS node groups of a cluster", "eks", "L-6D54EA21", async () => 0, nodeGroups),
    quota("nodes of an EKS node group", "eks", "L-BD136A63", async () => 0, biggestGroup),
    quota("Elastic IPs", "ec2", "L-0263D0A3", () => capacity.addresses(), 0),
    quota(
      "NAT gateways of a zone",
      "vpc",
      "L-FE5A380F",
      async () => Math.max(0, ...(await capacity.natGateways()).values()),
      0,
    ),
    asked("which versions of add-ons fit (eks:DescribeAddonVersions)", async () => {
      preflight.addOns = { wanted: addOns, offers: await eks.addOnOffers(settings.version, Object.keys(addOns)) };
    }),
    asked("free addresses of green's subnets (ec2:DescribeSubnets)", async () => {
      if (typeof foundation === "string")
        throw new Error(
          `Its foundation is named (${foundation}), so its subnets are known to Pulumi alone; clustershift validate asks once green stands.`,
        );
      const subnets = await capacity.subnets(foundation.privateSubnets.map(({ id }) => id));
      const needed = objects.filter(
        (object) => object.kind === "Pod" && object.apiVersion === "v1" && hasAddress(object),
      );
      preflight.subnets = { subnets, needed: needed.length };
    }),
  ];
}

/** By which a cluster stack's own instances are told. */
const clusterTag = "clustershift:cluster";

/** EKS wants two zones at least, and three are what a stack of ours has. */
function zonesOf({ foundation }: Cluster): number {
  return typeof foundation === "string" ? 3 : new Set(foundation.privateSubnets.map(({ zone }) => zone)).size;
}

async function open(aws: { region: string }, project: Project, context: Context): Promise<Asking> {
  const edges = { clock: clockOf(context), random: context.edges.random };
  const [{ openEks }, { openCapacity }, { openQuotas }, { openSimulation }] = await Promise.all([
    import("../../aws/eks.js"),
    import("../../aws/capacity.js"),
    import("../../aws/quotas.js"),
    import("../../aws/simulate.js"),
  ]);
  return {
    eks: openEks(aws, edges),
    capacity: openCapacity(aws, edges),
    quotas: openQuotas(aws, edges),
    simulation: openSimulation(aws, edges),
    async caller() {
      const api = await awsOf(project, context);
      const identity = await api.identity().finally(() => api.close());
      return identity.arn;
    },
  };
}

function minorOf(version: string): string {
  const parsed = parseKubeVersion(version);
  return parsed ? `${parsed.major}.${parsed.minor}` : version;
}
