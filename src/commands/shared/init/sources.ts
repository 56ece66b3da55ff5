import { resolve } from "node:path";
import { UserError } from "../../../model/errors.js";
import type { Shape } from "../../../model/shape.js";
import { SandboxFolder } from "../../../sandbox/sandbox-folder.js";
import { nodeCommand } from "../../../sandbox/self.js";
import type { Context } from "../command.js";
import type { Sources } from "./look-around.js";

/** The options of init that say where blue is. */
export interface WhereBlueIs {
  context?: string | undefined;
  kubeconfig?: string | undefined;
  region?: string | undefined;
  endpoint?: string | undefined;
  zones: string[];
  environment?: string | undefined;
  sandbox?: string | undefined;
  vpc?: string | undefined;
}

/** @throws UserError `usage` where nothing says where blue is */
export async function sourcesOf(given: WhereBlueIs, specified: Shape | undefined, context: Context): Promise<Sources> {
  if (given.sandbox !== undefined) return sandboxSources(given.sandbox, given.environment, context);
  // kops names a context after its cluster.
  const name = given.context ?? specified?.name;
  if (!name)
    throw new UserError({
      code: "usage",
      what: "Say where blue is.",
      fix: "clustershift init --context CONTEXT, --kops FILE, or --sandbox NAME",
    });
  const { kubeconfig, region, endpoint } = given;
  return {
    environment: given.environment ?? specified?.name ?? name,
    blueName: specified?.name ?? name,
    context: name,
    live: given.context !== undefined,
    zones: given.zones,
    vpcId: given.vpc ?? specified?.network.vpcId,
    ...(kubeconfig && { kubeconfig: resolve(context.edges.cwd, kubeconfig) }),
    ...(region && { region }),
    ...(endpoint && { endpoint }),
  };
}

async function sandboxSources(sandbox: string, environment: string | undefined, { edges }: Context): Promise<Sources> {
  const folder = new SandboxFolder(edges.env, sandbox);
  const record = await folder.require();
  const remove = nodeCommand("../../../main", import.meta.url, "sandbox", "remove", "blue", "--name", folder.name);
  return {
    environment: environment ?? "acme production (sandbox)",
    blueName: record.cluster,
    kubeconfig: folder.kubeconfig,
    context: "blue",
    live: true,
    region: record.region,
    endpoint: `http://127.0.0.1:${record.ports.aws}`,
    zones: [record.zone],
    sandbox: {
      name: folder.name,
      ports: record.ports,
      dns: `${record.addresses.dns}:${record.ports.dns}`,
      teardown: [remove.command, ...remove.args],
    },
  };
}
