import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { messageOf, UserError } from "../src/model/errors.js";
import type { StackChange } from "../src/model/stack-change.js";
import { stackChange } from "./engine/change.js";
import { removeDeadLocks } from "./engine/dead-locks.js";
import { type FindMade, settleInterruptedCreates } from "./engine/interrupted-creates.js";
import { awaitOrphans } from "./engine/orphans.js";
import { eachOnce, errorOf, type ResourceProgress, resourceProgress } from "./engine/progress.js";
import { pulumiCli } from "./engine/pulumi-cli.js";
import { nameOf, readState, type StackState } from "./engine/state.js";
import { removeTornAttributes } from "./engine/torn-attributes.js";

export type { FindMade } from "./engine/interrupted-creates.js";
export type { ResourceProgress } from "./engine/progress.js";

export interface OpenStackArgs {
  stackName: string;
  projectName: string;
  /** Runs in this process. */
  program: PulumiFn;
  /** Where Pulumi.yaml, the stack's Pulumi.<stack>.yaml and, by default, the state are written. Made where it's missing. */
  workDir: string;
  /** Where the state is: any of Pulumi's backends. Default: files under workDir/state. */
  backendUrl?: string;
  /** Encrypts the secrets of the state. The same one must be given each time. */
  passphrase: string;
  /** An installation of Pulumi, with bin/pulumi in it. Default: the PATH's. */
  pulumiRoot?: string;
  /** Where Pulumi keeps plugins. Default: ~/.pulumi, shared with the user's own Pulumi. */
  pulumiHome?: string;
  /** Added to the environment of the engine and of its plugins: AWS_PROFILE, AWS_ENDPOINT_URL, … */
  env?: Record<string, string>;
  /** Looks for what was being made when an engine was killed. Left out: only what has its name from us can be told. */
  findMade?: FindMade;
  /** Told once when an engine that a killed run left behind is waited for, with its process ids. */
  onWait?: (pids: number[]) => void;
}

/** `change`: what will become of the resource, where that is what is told. */
type OnProgress = (progress: ResourceProgress, change?: StackChange) => void;

/** How many resources were, or would be, created, updated, replaced, deleted; `same` for those left alone. */
type Changes = Record<string, number>;

/**
 * One stack, and what can be done with it. Each throws UserError: `locked`, `interrupted` or `effect-failed`; up and destroy
 * also `stack-unsettled`.
 */
export interface OpenStack {
  preview(onProgress?: OnProgress, signal?: AbortSignal): Promise<Changes>;
  /** An abort lets what is under way come to its end, and starts nothing new. The same call again goes on. */
  up(onProgress?: OnProgress, signal?: AbortSignal): Promise<Changes>;
  /** Empty where nothing is up. Secrets are in the clear. */
  outputs(): Promise<Record<string, unknown>>;
  /** What the providers call each resource that is up: `sg-0123`, an ARN. */
  ids(): Promise<string[]>;
  /** Destroys every resource; the stack's history stays. With a protected resource it fails, with nothing destroyed. */
  destroy(onProgress?: OnProgress, signal?: AbortSignal): Promise<Changes>;
  /** Forgets a destroyed stack: no state, no configuration of it is left. */
  forget(): Promise<void>;
}

/**
 * A stack by Pulumi's Automation API, made where it doesn't exist.
 *
 * @throws UserError `tool-missing` where the Pulumi CLI isn't installed
 */
export async function openStack(args: OpenStackArgs): Promise<OpenStack> {
  const { stackName, projectName, workDir } = args;
  await mkdir(workDir, { recursive: true });
  const pulumiCommand = await pulumiCli({
    root: args.pulumiRoot,
    path: process.env.PATH ?? "",
    stage: join(workDir, ".pulumi-cli"),
  });
  const backendUrl = args.backendUrl ?? (await localBackend(join(workDir, "state")));
  // What the program throws reaches the engine as text; the error itself is kept, for what it tells the user.
  let thrown: unknown;
  const program: PulumiFn = async () => {
    try {
      return await args.program();
    } catch (error) {
      thrown = error;
      throw error;
    }
  };
  await removeTornAttributes({ backendUrl, projectName, stackName });
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName, program },
    {
      workDir,
      pulumiCommand,
      secretsProvider: "passphrase",
      projectSettings: { name: projectName, runtime: "nodejs", backend: { url: backendUrl } },
      ...(args.pulumiHome === undefined ? {} : { pulumiHome: args.pulumiHome }),
      envVars: {
        ...args.env,
        PULUMI_BACKEND_URL: backendUrl,
        PULUMI_CONFIG_PASSPHRASE: args.passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    },
  ).catch((error: unknown) => {
    throw failure(stackName, "open", error, []);
  });

  /** What a killed engine left in the middle is settled before anything else is made or destroyed. */
  async function settle(): Promise<void> {
    const find = args.findMade ?? (async () => "unknown" as const);
    const { deployment, toRead } = await settleInterruptedCreates(stackName, await stack.exportStack(), find);
    if (deployment !== undefined) await stack.importStack(deployment);
    // What isn't there after all is taken out of the state by that.
    if (toRead.length > 0) await stack.refresh({ target: toRead });
  }

  /** Runs one operation, turning its events to progress and its failure to words. */
  async function operate<T>(
    what: string,
    run: (options: Listening) => Promise<T>,
    onProgress?: OnProgress,
    signal?: AbortSignal,
  ): Promise<T> {
    const errors: string[] = [];
    thrown = undefined;
    const onEvent = eachOnce((event) => {
      const progress = resourceProgress(event);
      if (progress !== undefined) onProgress?.(progress, stackChange(event));
      const error = errorOf(event);
      if (error !== undefined) errors.push(error);
    });
    try {
      const locked = { backendUrl, projectName, stackName };
      await awaitOrphans(locked, { signal, onWait: args.onWait });
      await removeDeadLocks(locked);
      return await run({ onEvent, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      if (thrown instanceof UserError) throw thrown;
      if (signal?.aborted) throw interrupted(stackName, what);
      throw failure(stackName, what, error, errors);
    }
  }

  return {
    preview: (onProgress, signal) =>
      operate("preview", async (options) => (await stack.preview(options)).changeSummary, onProgress, signal),
    up: (onProgress, signal) =>
      operate(
        "up",
        async (options) => {
          await settle();
          return (await stack.up(options)).summary.resourceChanges ?? {};
        },
        onProgress,
        signal,
      ),
    outputs: () => operate("outputs", () => plainOutputs(stack)),
    ids: () => operate("export", async () => resourceIds(readState(await stack.exportStack()))),
    destroy: (onProgress, signal) =>
      operate(
        "destroy",
        async (options) => {
          await settle();
          refuseProtected(stackName, readState(await stack.exportStack()));
          return (await stack.destroy(options)).summary.resourceChanges ?? {};
        },
        onProgress,
        signal,
      ),
    forget: () => operate("forget", () => stack.workspace.removeStack(stackName)),
  };
}

interface Listening {
  onEvent: (event: EngineEvent) => void;
  signal?: AbortSignal;
}

async function localBackend(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return pathToFileURL(folder).href;
}

async function plainOutputs(stack: Stack): Promise<Record<string, unknown>> {
  const outputs = await stack.outputs();
  return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
}

function resourceIds({ resources }: StackState): string[] {
  return resources.flatMap(({ id }) => (id ? [id] : []));
}

/** The engine would destroy all the others first, and then say so. @throws UserError `effect-failed` */
function refuseProtected(stack: string, { resources }: StackState): void {
  const names = resources.filter((resource) => resource.protect).map(({ urn }) => nameOf(urn));
  if (names.length === 0) return;
  throw new UserError({
    code: "effect-failed",
    what: `Stack ${stack} has protected resources, and nothing of it was destroyed: ${[...new Set(names)].join(", ")}`,
    fix: `If it is really to go: pulumi state unprotect --all --stack ${stack}, with the same backend, and the same command again.`,
  });
}

function interrupted(stack: string, what: string): UserError {
  return new UserError({
    code: "interrupted",
    what: `pulumi ${what} of stack ${stack} was stopped.`,
    fix: "Run the same command again: what was made is in the state, and it goes on from there.",
  });
}

function failure(stack: string, what: string, error: unknown, told: string[]): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof ConcurrentUpdateError) {
    return new UserError({
      code: "locked",
      what: `Another process is changing stack ${stack}.`,
      fix: "Wait for it. If it was killed: pulumi cancel, with the same backend and stack, takes its lock away.",
      cause: error,
    });
  }
  // The last word of several is `update failed`, which says nothing that those before it don't.
  const words = told.filter((line, index) => index === 0 || !/: update failed$/.test(line));
  return new UserError({
    code: "effect-failed",
    what: `pulumi ${what} of stack ${stack} failed.\n${words.length > 0 ? words.join("\n") : messageOf(error).trim()}`,
    fix: "Mend what it names and run the same command again: what was made is in the state.",
    cause: error,
  });
}
