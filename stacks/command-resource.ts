import * as pulumi from "@pulumi/pulumi";

/**
 * A resource that a program makes and removes: `create` is run to make it, `delete` to remove it.
 *
 * Both must be idempotent. After a crash in the middle Pulumi doesn't know whether `create` came through, and runs it
 * again; the first one, having lost its parent, may even be running still. Command lines are kept in the stack's state in the clear: no secrets in them, nor in `env`.
 */
export interface CommandArgs {
  /** Program and arguments; no shell. The last line that it prints is a JSON object: the resource's `result`. */
  create: string[];
  /** What it prints doesn't matter. */
  delete: string[];
  /** What the resource depends on. Another hash replaces it: `delete`, then `create`. Other changes are just noted. */
  hash: string;
  /** Added to the environment of both. */
  env?: Record<string, string>;
}

/** What `create` printed; a secret in the state, since it may hold credentials. */
export class CommandResource extends pulumi.dynamic.Resource {
  // `declare`: a real field would be initialised to undefined after Pulumi has set it.
  declare readonly result: pulumi.Output<unknown>;

  constructor(name: string, args: CommandArgs, options?: pulumi.CustomResourceOptions) {
    const own = { additionalSecretOutputs: ["result"] };
    super(provider, name, { ...args, result: undefined }, pulumi.mergeOptions(own, options ?? {}));
  }
}

// From here on it is Pulumi that runs the code, as text, in a process of its own: it is taken from the running functions
// and put into the stack's state. So a function may use only its arguments, globals, and functions like itself: nothing
// imported (`require` inside the function is left alone, and is there at the other end), no `import.meta`, no classes.

/** What Pulumi hands back of a `CommandArgs`. */
type Inputs = Omit<CommandArgs, "env"> & { env?: Record<string, string> };

const provider: pulumi.dynamic.ResourceProvider = {
  async create(inputs: Inputs) {
    const result = await printedBy(inputs.create, inputs.env);
    return { id: `${inputs.hash}-${Date.now().toString(36)}`, outs: { ...inputs, result } };
  },
  // Without this, other text of these functions (tsx's or tsc's, or of a new release) would count as a change.
  async diff(_id: string, before: Inputs, after: Inputs) {
    const differs = (key: "create" | "delete" | "env" | "hash") =>
      JSON.stringify(before[key]) !== JSON.stringify(after[key]);
    const replaced = differs("hash");
    return {
      changes: replaced || differs("create") || differs("delete") || differs("env"),
      replaces: replaced ? ["hash"] : [],
      deleteBeforeReplace: true,
    };
  },
  // Runs nothing: the commands to come are noted, so that a later delete finds the program where it is now.
  async update(_id: string, before: Inputs & { result: unknown }, after: Inputs) {
    return { outs: { ...after, result: before.result } };
  },
  async delete(_id: string, inputs: Inputs) {
    await run(inputs.delete, inputs.env);
  },
};

/** The JSON object of the last line that a command prints. */
async function printedBy(command: string[], env: Record<string, string> | undefined): Promise<object> {
  const printed = await run(command, env);
  const last = printed.trimEnd().split("\n").at(-1) ?? "";
  try {
    const result = JSON.parse(last);
    if (typeof result === "object" && result !== null && !Array.isArray(result)) return result;
  } catch {
    // Said below, in the same words as for JSON that isn't an object.
  }
  throw new Error(
    `${command.join(" ")}: the last line of its output must be a JSON object, and is: ${last.slice(0, 200)}`,
  );
}

/** What a command prints. Where it fails, the error ends in the last lines of its stderr. */
function run(command: string[], env: Record<string, string> | undefined): Promise<string> {
  const { execFile } = require("node:child_process") as typeof import("node:child_process");
  const [file = "", ...args] = command;
  const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(file, args, options, (failure, stdout, stderr) => {
      if (failure === null) return resolve(stdout);
      const said = stderr.trimEnd().split("\n").slice(-20).join("\n");
      const how = failure.signal ? `was killed by ${failure.signal}` : `failed with ${failure.code}`;
      reject(new Error(`${command.join(" ")} ${how}${said === "" ? "" : `:\n${said}`}`));
    });
  });
}
