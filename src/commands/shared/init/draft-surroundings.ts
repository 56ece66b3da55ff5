import type { DraftStacks } from "../../../mirror/draft-stacks.js";
import type { Context } from "../command.js";
import { nodeInstances } from "../nodes.js";
import { type Gifts, giftsFor } from "../surroundings/gifts.js";
import { greenOf, networkOf } from "../surroundings/green-settings.js";
import { awsName } from "../surroundings/look.js";
import { clockOf } from "../targets.js";
import type { Seen } from "./look-around.js";

/** What green's stack is given of what lets blue in, once it is drawn where green will stand. */
export async function draftSurroundings(
  blueName: string,
  { nodes, traffic, account }: Pick<Seen, "nodes" | "traffic" | "account">,
  { foundation, cluster }: DraftStacks,
  aws: { region: string; endpoint?: string } | undefined,
  context: Context,
): Promise<Gifts | undefined> {
  if (!aws || account === undefined) return undefined;
  const [{ openFaces }, { reservedNames }] = await Promise.all([
    import("../../../aws/faces/open-faces.js"),
    import("../../../../stacks/settings/identity-settings.js"),
  ]);
  const faces = openFaces(aws, { clock: clockOf(context), random: context.edges.random });
  try {
    const instances = nodeInstances(nodes);
    const moving = instances.filter(({ group }) => traffic.addressGroups.includes(group));
    const green = await greenOf(String(cluster.name), {}, context.edges.cwd);
    const question = {
      blue: {
        name: awsName(blueName),
        instanceIds: instances.map(({ instanceId }) => instanceId),
        moving: moving.map(({ instanceId }) => instanceId),
      },
      green: { ...green, network: await networkOf(foundation.network) },
    };
    return await giftsFor(await faces.read(question, account), (role) => faces.rolePolicies(role), reservedNames);
  } finally {
    faces.close();
  }
}
