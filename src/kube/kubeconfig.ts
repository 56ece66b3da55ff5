import { access, readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { delimiter, dirname, join, resolve } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { parse as parseYaml } from "yaml";
import { messageOf, UserError } from "../model/errors.js";
import { isObject } from "../model/json.js";

export type Env = Record<string, string | undefined>;

export interface ContextOptions {
  /** Path. Default: as kubectl finds it, by KUBECONFIG and then ~/.kube/config. */
  kubeconfig?: string;
  context: string;
  env: Env;
}

/** What a connection needs besides the address. PEM in the first three. */
export interface Credentials {
  ca?: string;
  cert?: string;
  key?: string;
  servername?: string;
  rejectUnauthorized: boolean;
  headers: Record<string, string>;
}

/** How one cluster is reached. */
export interface Access {
  /** The context. */
  name: string;
  server: string;
  proxy?: string;
  /** Runs credential plugins anew at each call: after a 401 what they gave before is no good. */
  credentials(): Promise<Credentials>;
}

/** Throws `UserError` config-invalid that names the file, and the contexts that there are. */
export async function loadContext({ kubeconfig, context, env }: ContextOptions): Promise<Access> {
  const files = kubeconfig ? [resolve(kubeconfig)] : await defaultFiles(env);
  const config = await load(files, context);
  const cluster = config.getCurrentCluster();
  if (!cluster)
    throw invalid(
      files,
      `context ${context} names a cluster that isn't there`,
      "Add the cluster, or use another context.",
    );
  const reached: Access = {
    name: context,
    server: cluster.server,
    credentials: async () => credentialsOf(await load(files, context), files),
  };
  if (cluster.proxyUrl) reached.proxy = cluster.proxyUrl;
  return reached;
}

/** kubectl skips files of KUBECONFIG that don't exist. */
async function defaultFiles(env: Env): Promise<string[]> {
  const named = (env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  const candidates = named.length > 0 ? named : [join(env.HOME ?? env.USERPROFILE ?? "", ".kube", "config")];
  const found: string[] = [];
  for (const file of candidates) if (await exists(file)) found.push(resolve(file));
  return found.length > 0 ? found : candidates;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function load(files: string[], context: string): Promise<KubeConfig> {
  // Loading this package takes a second, which commands that need no cluster shouldn't wait for.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const merged = new KubeConfig();
  for (const file of files) {
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      throw invalid(
        [file],
        `can't be read: ${messageOf(error)}`,
        "Check the path, or give another by --kubeconfig or KUBECONFIG.",
        error,
      );
    });
    if (text.trim() === "") throw invalid([file], "is empty", "Check it by: kubectl config view");
    try {
      const one = new KubeConfig();
      one.loadFromString(text);
      await readTokenFiles(one, text, dirname(file));
      one.makePathsAbsolute(dirname(file));
      addMissing(merged, one);
    } catch (error) {
      throw invalid([file], `isn't a kubeconfig: ${messageOf(error)}`, "Check it by: kubectl config view", error);
    }
  }
  if (!merged.getContextObject(context)) {
    const names = merged.getContexts().map(({ name }) => name);
    throw invalid(
      files,
      `there is no context ${context}; there ${names.length === 1 ? "is" : "are"}: ${names.join(", ") || "none"}`,
      "Name one of these, or another kubeconfig.",
    );
  }
  merged.setCurrentContext(context);
  return merged;
}

/** Of entries with one name the first file's counts, as with kubectl. */
function addMissing(into: KubeConfig, from: KubeConfig): void {
  for (const cluster of from.clusters) if (!into.getCluster(cluster.name)) into.addCluster(cluster);
  for (const user of from.users) if (!into.getUser(user.name)) into.addUser(user);
  for (const context of from.contexts) if (!into.getContextObject(context.name)) into.addContext(context);
}

/** The client library knows `token-file`, but what kubeconfigs have is `tokenFile`. */
async function readTokenFiles(config: KubeConfig, text: string, folder: string): Promise<void> {
  const raw: unknown = parseYaml(text);
  const users = isObject(raw) && Array.isArray(raw.users) ? raw.users : [];
  for (const entry of users) {
    if (!isObject(entry) || !isObject(entry.user) || typeof entry.user.tokenFile !== "string") continue;
    const at = config.users.findIndex(({ name }) => name === entry.name);
    const user = config.users[at];
    if (user)
      config.users[at] = { ...user, token: (await readFile(resolve(folder, entry.user.tokenFile), "utf8")).trim() };
  }
}

async function credentialsOf(config: KubeConfig, files: string[]): Promise<Credentials> {
  const { bufferFromFileOrString } = await import("@kubernetes/client-node");
  const cluster = config.getCurrentCluster();
  const options: RequestOptions = {};
  const credentials: Credentials = { rejectUnauthorized: !cluster?.skipTLSVerify, headers: {} };
  try {
    const ca = bufferFromFileOrString(cluster?.caFile, cluster?.caData);
    if (ca) credentials.ca = ca.toString();
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw noCredentials(config, files, error);
  }
  if (cluster?.tlsServerName) credentials.servername = cluster.tlsServerName;
  if (options.cert) credentials.cert = String(options.cert);
  if (options.key) credentials.key = String(options.key);
  for (const [name, value] of Object.entries(options.headers ?? {})) credentials.headers[name] = String(value);
  if (options.auth) credentials.headers.Authorization = `Basic ${Buffer.from(options.auth).toString("base64")}`;
  return credentials;
}

function noCredentials(config: KubeConfig, files: string[], error: unknown): UserError {
  const user = config.getCurrentUser();
  const command: unknown = isObject(user?.exec) ? user.exec.command : undefined;
  const source = command
    ? `the credential command ${String(command)} failed`
    : "its certificates or token can't be read";
  return new UserError({
    code: "cluster-unreachable",
    what: `context ${config.getCurrentContext()} of ${files.join(", ")}: ${source}: ${messageOf(error).trim()}`,
    fix: command
      ? "Run that command by hand: it may ask for a login."
      : "Check the files that this context's user and cluster name.",
    cause: error,
  });
}

function invalid(files: string[], what: string, fix: string, cause?: unknown): UserError {
  return new UserError({ code: "config-invalid", what: `kubeconfig ${files.join(", ")}: ${what}`, fix, cause });
}
