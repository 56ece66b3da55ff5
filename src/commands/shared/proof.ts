import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Proof, signatureNamespace, signedText } from "../../model/approval.js";
import { messageOf, UserError } from "../../model/errors.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";
import { awsOf } from "./targets.js";

/** How the command line wants to show who approves. */
export interface ProofOptions {
  aws?: unknown;
  sshKey?: unknown;
  signature?: unknown;
}

/** What shows who approves: AWS is asked, or a key signs, or a signature made elsewhere is read. */
export async function proofOf(
  { aws, sshKey, signature }: ProofOptions,
  planHash: string,
  project: Project,
  context: Context,
): Promise<Proof> {
  const given = [aws === true, sshKey !== undefined, signature !== undefined].filter(Boolean).length;
  if (given > 1)
    throw new UserError({
      code: "usage",
      what: "Only one of --aws, --ssh-key and --signature can show who approves.",
      fix: "clustershift approve --ssh-key ~/.ssh/id_ed25519",
    });
  if (aws === true) return { kind: "aws", arn: await callerOf(project, context) };
  if (sshKey !== undefined)
    return { kind: "ssh", signature: await sign(resolve(context.edges.cwd, String(sshKey)), planHash) };
  if (signature !== undefined)
    return { kind: "ssh", signature: await readSignature(resolve(context.edges.cwd, String(signature))) };
  return { kind: "name" };
}

/** Who AWS says that the credentials at hand are. */
export async function callerOf(project: Project, context: Context): Promise<string> {
  const clients = await awsOf(project, context);
  try {
    return (await clients.identity()).arn;
  } finally {
    clients.close();
  }
}

async function readSignature(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UserError({
      code: "usage",
      what: `The signature can't be read: ${messageOf(error)}`,
      fix: "Make one: clustershift approve --dry-run says how.",
      cause: error,
    });
  }
}

/** By the program that has the agent, the hardware keys and the passphrase prompt. */
function sign(key: string, planHash: string): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn("ssh-keygen", ["-Y", "sign", "-n", signatureNamespace, "-f", key], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data: Buffer) => err.push(data));
    child.on("error", (cause) =>
      failed(
        new UserError({
          code: "tool-missing",
          what: "ssh-keygen can't be started, and signing with a key needs it.",
          fix: "Install OpenSSH, or sign elsewhere and use --signature.",
          cause,
        }),
      ),
    );
    child.on("close", (code) => {
      if (code === 0) return done(Buffer.concat(out).toString());
      failed(
        new UserError({
          code: "usage",
          what: `ssh-keygen did not sign with ${key}: ${Buffer.concat(err).toString().trim() || `it ended with ${code}`}`,
          fix: "Name a private key, or a public one whose private key the agent has.",
        }),
      );
    });
    child.stdin.on("error", () => {});
    child.stdin.end(signedText(planHash));
  });
}

/** The command by which anybody can sign a plan, without clustershift. */
export const signingCommand = (planHash: string): string =>
  `printf '%s\\n' ${planHash} | ssh-keygen -Y sign -n ${signatureNamespace} -f ~/.ssh/id_ed25519 > approval.sig`;
