import { access } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { type Bundle, openBundle } from "../../bundle/read.js";
import type { Config } from "../../config/schema.js";
import type { KubeHandOver, KubeReader, KubeWriter } from "../../kube/api.js";
import { type ConnectOptions, connect, connectReadOnly } from "../../kube/connect.js";
import { connectHandOver } from "../../kube/hand-over.js";
import { UserError } from "../../model/errors.js";
import type { GreenRecord } from "../../model/run.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";

/** Blue, for reading only. */
export function connectBlue(
  project: Project,
  { edges }: Context,
  tuning: ConnectOptions["tuning"] = {},
): Promise<KubeReader> {
  const { kubeconfig, context } = project.config.blue;
  return connectReadOnly({
    ...(kubeconfig && { kubeconfig: resolve(project.dir, kubeconfig) }),
    context,
    env: edges.env,
    tuning,
  });
}

/** Blue with an identity of its own, which stops exclusive workloads and starts them again, and can do nothing else. */
export async function connectBlueToHandOver(
  project: Project,
  { edges }: Context,
  tuning: ConnectOptions["tuning"] = {},
): Promise<KubeHandOver> {
  const { kubeconfig, context } = project.config.workloads.exclusive;
  if (context === undefined)
    throw new UserError({
      code: "config-invalid",
      what: `${project.file}: workloads.exclusive.context is missing, but this run has stopped workloads on blue.`,
      fix: "Name the context with the identity of clustershift permissions blue-hand-over.",
    });
  return connectHandOver({
    ...(kubeconfig && { kubeconfig: resolve(project.dir, kubeconfig) }),
    context,
    env: edges.env,
    tuning,
  });
}

/**
 * Green as this run stood it up. A kubeconfig is a secret, and no copy of the record has it: a run that was taken from there
 * reaches green as the configuration says.
 *
 * @throws UserError `config-invalid` where neither says how, `green-missing` where the configuration says another cluster
 */
export async function connectGreen(
  project: Project,
  run: RunFolder,
  green: GreenRecord,
  context: Context,
  tuning: ConnectOptions["tuning"] = {},
): Promise<KubeWriter> {
  const recorded = await recordedGreen(run, green, context, tuning);
  if (recorded) return recorded;
  const kube = await configuredGreen(project, context, tuning);
  if (!kube) {
    throw new UserError({
      code: "config-invalid",
      what: `${run.path(green.kubeconfig)} is not on this machine, so green can't be reached from here: a kubeconfig goes into no copy of the record.`,
      fix: "Copy that file from the machine that ran `clustershift up`, or name green by green.kubeconfig and green.context in clustershift.yaml. Neither status nor rollback needs it.",
    });
  }
  try {
    const { clusterId } = await kube.info();
    if (clusterId === green.clusterId) return kube;
    throw new UserError({
      code: "green-missing",
      what: `green.context in clustershift.yaml leads to the cluster ${clusterId}, and this run's green is ${green.clusterId}.`,
      fix: "Mend green.kubeconfig and green.context.",
    });
  } catch (error) {
    await kube.close();
    throw error;
  }
}

/** Green as this run stood it up, else as the configuration says; undefined where neither says how. Which cluster it is, nobody has asked. */
export async function reachGreen(
  project: Project,
  run: RunFolder | undefined,
  context: Context,
): Promise<KubeWriter | undefined> {
  const green = await run?.read("green.json");
  const recorded = run && green && (await recordedGreen(run, green, context));
  return recorded ?? configuredGreen(project, context);
}

/** Green by the kubeconfig that this run wrote; undefined where that isn't on this machine. */
async function recordedGreen(
  run: RunFolder,
  green: GreenRecord,
  { edges }: Context,
  tuning: ConnectOptions["tuning"] = {},
): Promise<KubeWriter | undefined> {
  const kubeconfig = isAbsolute(green.kubeconfig) ? green.kubeconfig : run.path(green.kubeconfig);
  const isHere = await access(kubeconfig).then(
    () => true,
    () => false,
  );
  return isHere ? connect({ kubeconfig, context: green.context, env: edges.env, tuning }) : undefined;
}

/** Green by green.kubeconfig and green.context alone; undefined where no context is named. */
async function configuredGreen(
  { config: { green }, dir }: Project,
  { edges }: Context,
  tuning: ConnectOptions["tuning"] = {},
): Promise<KubeWriter | undefined> {
  const { kubeconfig, context } = green;
  if (context === undefined) return undefined;
  const file = kubeconfig !== undefined && { kubeconfig: resolve(dir, kubeconfig) };
  return connect({ ...file, context, env: edges.env, tuning });
}

/** The bundle of a run, opened for reading with the run's or the configured identity. */
export async function openRunBundle(project: Project, run: RunFolder): Promise<Bundle> {
  return openBundle(run.bundlePath, { identityFile: identityPath(project, run) });
}

/** Where the age identity lies: configured, or the run's own. */
export function identityPath({ config, dir }: { config: Config; dir: string }, run: RunFolder): string {
  return config.bundle.identityFile ? resolve(dir, config.bundle.identityFile) : run.path("age-identity.txt");
}
