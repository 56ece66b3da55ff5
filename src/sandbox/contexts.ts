import { readFile, rename, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { withLock } from "./binaries/lock.js";
import type { Kubeconfig } from "./identity.js";
import type { SandboxFolder } from "./sandbox-folder.js";

/**
 * Names a cluster in the sandbox's kubeconfig, for people: its own name is a context that can only read, as a migration of it
 * needs, and NAME-admin may do everything.
 *
 * @param reader a kubeconfig whose only context is the cluster's name
 */
export async function addContexts(
  folder: SandboxFolder,
  { name, reader, adminKubeconfig }: { name: string; reader: string; adminKubeconfig: string },
): Promise<void> {
  const admin = adminOf(parse(await readFile(adminKubeconfig, "utf8")) as Kubeconfig, `${name}-admin`);
  await change(folder, (others) => [...others.map((each) => without(each, name)), parse(reader) as Kubeconfig, admin]);
}

/** Takes both away again. */
export async function removeContexts(folder: SandboxFolder, name: string): Promise<void> {
  await change(folder, (others) => others.map((each) => without(each, name)));
}

/** Two clusters may come and go at once. No cluster's own lock has such a name. */
async function change(folder: SandboxFolder, how: (now: Kubeconfig[]) => Kubeconfig[]): Promise<void> {
  await withLock(folder.path("locks", ".kubeconfig"), async () => {
    const text = await readFile(folder.kubeconfig, "utf8").catch(() => undefined);
    await writeKubeconfigs(folder.kubeconfig, how(text === undefined ? [] : [parse(text) as Kubeconfig]));
  });
}

function adminOf({ clusters: [cluster], users: [user] }: Kubeconfig, context: string): Kubeconfig {
  if (!cluster || !user) throw new Error(`the administrator's kubeconfig for ${context} is empty`);
  return {
    clusters: [{ ...cluster, name: context }],
    users: [{ ...user, name: context }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    "current-context": context,
  };
}

function without(kubeconfig: Kubeconfig, cluster: string): Kubeconfig {
  const gone = kubeconfig.contexts.filter(({ name }) => name === cluster || name === `${cluster}-admin`);
  const isGone = (name: string): boolean => gone.some((each) => each.name === name);
  return {
    clusters: kubeconfig.clusters.filter(({ name }) => !gone.some(({ context }) => context.cluster === name)),
    users: kubeconfig.users.filter(({ name }) => !gone.some(({ context }) => context.user === name)),
    contexts: kubeconfig.contexts.filter(({ name }) => !isGone(name)),
    "current-context": isGone(kubeconfig["current-context"]) ? "" : kubeconfig["current-context"],
  };
}

/** As one file, readable by its owner alone. */
async function writeKubeconfigs(path: string, kubeconfigs: readonly Kubeconfig[]): Promise<void> {
  const contexts = kubeconfigs.flatMap((config) => config.contexts);
  const current = kubeconfigs.map((config) => config["current-context"]).find((name) => name !== "");
  const merged = {
    apiVersion: "v1",
    kind: "Config",
    clusters: kubeconfigs.flatMap(({ clusters }) => clusters),
    users: kubeconfigs.flatMap(({ users }) => users),
    contexts,
    "current-context": current ?? contexts[0]?.name ?? "",
  };
  // Others read it while clusters come and go.
  await writeFile(`${path}.tmp`, stringify(merged), { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}
