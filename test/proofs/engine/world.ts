import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type AwsFront, type Seen, startAwsFront } from "../../../src/sandbox/aws/front.js";
import { ensureMoto } from "../../../src/sandbox/binaries/moto.js";
import { type OpenStack, openStack } from "../../../stacks/engine.js";
import type { StackProgram } from "../../../stacks/program.js";
import { type Call, createAws } from "../../harness/aws-api/client.js";
import { modelsBeside } from "../../harness/aws-api/model.js";
import { type AwsWithEks, startAwsWithEks } from "../../harness/aws-lacks/front.js";
import { startMoto } from "../../harness/moto.js";
import { endpointIn, type PluginEnvironment, putPlugins, putToken } from "../../harness/pulumi-plugins.js";
import { runPulumi, type StateOf } from "./pulumi.js";

export const region = "eu-west-1";
export const account = "123456789012";

/** An AWS that Pulumi's engine works on: the emulator, what stands in for what it lacks, and plugins that know both. */
export interface World {
  env: PluginEnvironment;
  /** Where Pulumi's state is, for others that work on it. */
  state: StateOf;
  /** What plugins talk to: tells of their requests, and does harm to them where it is told to. */
  front: AwsFront;
  /** The same AWS, without being told of. */
  aws: Call;
  /** What the emulator doesn't know of EKS. */
  eks: AwsWithEks["state"];
  /** Says where the API server of an EKS cluster really is. */
  place(clusterName: string, kubeconfigPath: string): Promise<void>;
  open(stackName: string, program: StackProgram): Promise<OpenStack>;
  /** The CLI itself, on a stack that was opened. @returns what it said; @throws Error with that, where it fails */
  pulumi(stackName: string, ...args: string[]): Promise<string>;
  /** Requests that changed something, so far. */
  changes(): number;
  close(): Promise<void>;
}

/**
 * `folder`: an empty one, for the plugins. `pulumiRoot`: an installation of the CLI. `workDir`: where Pulumi's state is.
 */
export async function openWorld(
  folder: string,
  pulumiRoot: string,
  workDir: string = join(folder, "work"),
): Promise<World> {
  await mkdir(folder, { recursive: true });
  const models = modelsBeside(await ensureMoto());
  // Roles name AWS's own policies: those that there are.
  const moto = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: "true" });
  const servers = new Map<string, { endpoint: string; certificate: string }>();
  const endpointOf = (name: string) => servers.get(name);
  const withEks = await startAwsWithEks({ target: moto.endpoint, models, region, account, endpointOf });
  const front = await startAwsFront({ target: withEks.endpoint, port: 0 });
  let changes = 0;
  front.observers.push((seen) => {
    if (seen.ending === "done" && isChange(seen)) changes += 1;
  });
  const plugins = join(folder, "plugins");
  const env = await putPlugins(plugins, { endpoint: front.endpoint, models });
  const state: StateOf = { workDir, pulumiHome: join(folder, "home"), passphrase: "only for tests", env };
  return {
    env,
    state,
    front,
    aws: createAws({ endpoint: withEks.endpoint, region, models }),
    eks: withEks.state,
    async place(clusterName, kubeconfigPath) {
      servers.set(clusterName, await endpointIn(kubeconfigPath));
      await putToken(plugins, clusterName, kubeconfigPath);
    },
    open: (stackName, program) =>
      openStack({
        stackName,
        projectName: "clustershift",
        program,
        pulumiRoot,
        ...state,
      }),
    pulumi: (stackName, ...args) =>
      runPulumi(join(pulumiRoot, "bin", "pulumi"), [...args, "--stack", stackName], state),
    changes: () => changes,
    async close() {
      await front.close();
      await withEks.close();
      await moto.stop();
    },
  };
}

/** By the name of what is asked, or where the service has none, by its HTTP method. */
export function isChange({ request }: Pick<Seen, "request">): boolean {
  return !/^(Describe|Get|List|GET|HEAD)/.test(request.action);
}

/** What the examples take for granted in an account. */
export async function seed({ aws }: Pick<World, "aws">): Promise<void> {
  await aws("route53", "CreateHostedZone", { Name: "example.com", CallerReference: "example" });
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: "*" }],
  });
  await aws("iam", "CreatePolicy", { PolicyName: "orders-queue", PolicyDocument });
}
