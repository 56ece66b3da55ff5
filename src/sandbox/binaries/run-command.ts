import { spawn } from "node:child_process";

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/** A program that ended with another code than 0. Its message ends with the last lines that the program said. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}

/** Runs a program to its end and returns what it printed to stdout. Arguments are never seen by a shell. */
export function runCommand(
  program: string,
  args: string[],
  { cwd, env, signal }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code, killedBy) => {
      if (code === 0) return resolve(Buffer.concat(out).toString());
      const said = Buffer.concat([...out, ...err])
        .toString()
        .trim();
      const words = [program, ...args].join(" ").slice(0, 200);
      reject(new CommandFailed(`${words} ended with ${killedBy ?? code}:\n${said.split("\n").slice(-15).join("\n")}`));
    });
  });
}

/** Whether a program can be found and answers. */
export async function answers(program: string, args: string[], options: CommandOptions = {}): Promise<boolean> {
  return runCommand(program, args, options).then(
    () => true,
    () => false,
  );
}
