import { access } from "node:fs/promises";
import { isAbsolute, relative } from "node:path";
import { SandboxFolder } from "../../../../sandbox/sandbox-folder.js";
import type { Context } from "../../command.js";
import type { Project } from "../../project.js";
import type { Account } from "../account.js";
import type { FinishedRun } from "./finished-run.js";

/** How the new blue is reached: in a sandbox by an identity that can only read, else as the configuration or the run says. */
export async function accessTo(
  { config, dir }: Project,
  { run, green }: FinishedRun,
  { edges }: Context,
  { unknown }: Account,
): Promise<{ context: string; kubeconfig?: string }> {
  const { stack, context, kubeconfig } = config.green;
  if (stack.kind === "sandbox") {
    const folder = new SandboxFolder(edges.env, stack.sandbox);
    await folder.require();
    return { context: green.stack, kubeconfig: folder.kubeconfig };
  }
  unknown.push(
    `An identity that can only read ${green.stack}: \`clustershift permissions blue\` prints it. Name its context in blue.context; until then that is of whoever stood it up.`,
  );
  if (context !== undefined) return { context, ...(kubeconfig !== undefined && { kubeconfig }) };
  const recorded = isAbsolute(green.kubeconfig) ? green.kubeconfig : run.path(green.kubeconfig);
  const isHere = await access(recorded).then(
    () => true,
    () => false,
  );
  if (isHere) return { context: green.context, kubeconfig: relative(dir, recorded) };
  unknown.push(
    `A kubeconfig for ${green.stack}: ${recorded} isn't on this machine, so blue.context is looked for as kubectl does.`,
  );
  return { context: green.context };
}
