import { isAbsolute, resolve } from "node:path";
import { type Bundle, openBundle } from "../../bundle/read.js";
import type { Config } from "../../config/schema.js";
import type { KubeReader, KubeWriter } from "../../kube/api.js";
import { type ConnectOptions, connect, connectReadOnly } from "../../kube/connect.js";
import type { GreenRecord } from "../../model/run.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";

/** Blue, for reading only: there is no way to get more of it. */
export function connectBlue(project: Project, { edges }: Context): Promise<KubeReader> {
  const { kubeconfig, context } = project.config.blue;
  return connectReadOnly({
    ...(kubeconfig && { kubeconfig: resolve(project.dir, kubeconfig) }),
    context,
    env: edges.env,
  });
}

export function connectGreen(
  run: RunFolder,
  green: GreenRecord,
  { edges }: Context,
  tuning: ConnectOptions["tuning"] = {},
): Promise<KubeWriter> {
  const kubeconfig = isAbsolute(green.kubeconfig) ? green.kubeconfig : run.path(green.kubeconfig);
  return connect({ kubeconfig, context: green.context, env: edges.env, tuning });
}

/** The bundle of a run, opened for reading with the run's or the configured identity. */
export async function openRunBundle(project: Project, run: RunFolder): Promise<Bundle> {
  return openBundle(run.bundlePath, { identityFile: identityPath(project, run) });
}

/** Where the age identity lies: configured, or the run's own. */
export function identityPath({ config, dir }: { config: Config; dir: string }, run: RunFolder): string {
  return config.bundle.identityFile ? resolve(dir, config.bundle.identityFile) : run.path("age-identity.txt");
}
