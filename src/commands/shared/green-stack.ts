import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserError } from "../../model/errors.js";
import { ensurePulumi } from "../../sandbox/binaries/pulumi.js";
import { sandboxVersion } from "../../sandbox/choices.js";
import { SandboxFolder } from "../../sandbox/sandbox-folder.js";
import { nodeCommand } from "../../sandbox/self.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";
import { binaryLines } from "./sandbox-options.js";
import { clockOf } from "./targets.js";

type Engine = typeof import("../../../stacks/engine.js");
export type OpenStack = Awaited<ReturnType<Engine["openStack"]>>;

export const projectName = "clustershift";

/** Where stacks are run, and by default where their state lies: beside the runs folder, kept by teardown. */
function pulumiDir({ dir }: Project): string {
  return join(dir, ".clustershift", "pulumi");
}

/**
 * The stack of the configuration's green, ready to be previewed, brought up or destroyed. Pulumi's modules take seconds to
 * load, so they are loaded here, and only here.
 */
export async function openGreenStack(project: Project, context: Context, fault?: string): Promise<OpenStack> {
  const { stack } = project.config.green;
  if (stack.kind === "sandbox")
    return open(project, context, project.config.green.name, await sandboxProgram(project, stack.sandbox, fault), {
      pulumiRoot: await sandboxPulumi(project, context),
    });
  const [{ clusterProgram }, { parseClusterSettings }] = await Promise.all([
    import("../../../stacks/program.js"),
    import("../../../stacks/settings/cluster-settings.js"),
  ]);
  const settings = parseClusterSettings({
    name: project.config.green.name,
    version: project.config.green.version,
    ...stack.settings,
  });
  return open(project, context, project.config.green.name, clusterProgram(settings), { region: settings.region });
}

/** A stack that an earlier run made as its green: destroyed by what its state records, so its program isn't asked. */
export async function openBlueStack(project: Project, context: Context, name: string): Promise<OpenStack> {
  const { aws, green } = project.config;
  const pulumiRoot = green.stack.kind === "sandbox" ? await sandboxPulumi(project, context) : undefined;
  return open(project, context, name, async () => ({}), { pulumiRoot, region: aws?.region });
}

async function open(
  project: Project,
  context: Context,
  stackName: string,
  program: () => Promise<Record<string, unknown>>,
  { pulumiRoot, region }: { pulumiRoot?: string | undefined; region?: string | undefined },
): Promise<OpenStack> {
  const { openStack } = await import("../../../stacks/engine.js");
  const { config } = project;
  const { edges, progress } = context;
  const workDir = pulumiDir(project);
  return openStack({
    stackName,
    projectName,
    program,
    workDir,
    passphrase: await passphraseOf(project, edges.env),
    ...(config.pulumi.backend && { backendUrl: config.pulumi.backend }),
    ...(pulumiRoot && { pulumiRoot, pulumiHome: join(workDir, "home") }),
    ...(region && {
      async findMade(resource) {
        const { findMadeResource } = await import("../../aws/made-resources.js");
        return findMadeResource({ ...config.aws, region }, clockOf(context), resource);
      },
    }),
    onWait: (pids) =>
      progress.line(`stack ${stackName}: waiting for the engine that a killed run left (${pids.join(", ")})`),
    env: {
      ...(config.aws && { AWS_REGION: config.aws.region }),
      ...(config.aws?.endpoint && { AWS_ENDPOINT_URL: config.aws.endpoint }),
      ...(config.aws?.profile && { AWS_PROFILE: config.aws.profile }),
    },
  });
}

/** The local green as a dynamic resource: clustershift's own command makes it, and removes it. */
async function sandboxProgram({ config }: Project, sandbox: string, fault?: string) {
  const { CommandResource } = await import("../../../stacks/command-resource.js");
  const { name, version } = config.green;
  const self = (...args: string[]): string[] => {
    const { command, args: words } = nodeCommand("../../main", import.meta.url, "sandbox", ...args, "--name", sandbox);
    return [command, ...words];
  };
  return async () => {
    const green = new CommandResource(name, {
      create: self("add", name, "--kubernetes", sandboxVersion(version), ...(fault ? ["--fault", fault] : [])),
      delete: self("remove", name),
      hash: `${sandbox} ${name} ${version} ${fault ?? ""}`,
    });
    const field = (key: string) => green.result.apply((result) => (result as Record<string, unknown>)[key]);
    return Object.fromEntries(
      ["kubeconfig", "context", "version", "groups", "addresses"].map((key) => [key, field(key)]),
    );
  };
}

/** A sandbox needs nothing installed: it brings the engine too. */
async function sandboxPulumi(project: Project, context: Context): Promise<string> {
  await new SandboxFolder(
    context.edges.env,
    project.config.green.stack.kind === "sandbox" ? project.config.green.stack.sandbox : "",
  ).require();
  return ensurePulumi(join(pulumiDir(project), "cli"), {
    onProgress: binaryLines(context),
    env: context.edges.env,
    signal: context.edges.signal,
  });
}

/** Configured, from Pulumi's own variable, or made once and kept beside the state, readable by its owner alone. */
async function passphraseOf(project: Project, env: NodeJS.ProcessEnv): Promise<string> {
  const { passphraseFile } = project.config.pulumi;
  if (passphraseFile) {
    const path = resolve(project.dir, passphraseFile);
    return readFile(path, "utf8").then(
      (text) => text.trim(),
      (cause: unknown) => {
        throw new UserError({
          code: "config-invalid",
          what: `${project.file}: pulumi.passphraseFile: ${path} can't be read.`,
          fix: "Write the passphrase into it, or name another file.",
          cause,
        });
      },
    );
  }
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const path = join(pulumiDir(project), "passphrase");
  await mkdir(pulumiDir(project), { recursive: true });
  await writeFile(path, `${randomBytes(24).toString("base64url")}\n`, { flag: "wx", mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  return (await readFile(path, "utf8")).trim();
}
