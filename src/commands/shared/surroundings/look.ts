import type { Faces } from "../../../model/faces.js";
import type { KubeObject } from "../../../model/objects.js";
import type { Context } from "../command.js";
import { nodeInstances } from "../nodes.js";
import type { Project } from "../project.js";
import { awsOf, clockOf } from "../targets.js";
import { greenOf } from "./green-settings.js";
import { issuerOf } from "./issuer.js";

/**
 * What lets blue in and what knows its face, against green as its stack's settings have it. Nothing where no AWS is configured,
 * and for a sandbox's green, which has no groups and roles there.
 *
 * @throws UserError `aws-failed` where AWS doesn't even say whose account it is
 */
export async function lookAtSurroundings(
  project: Project,
  blue: { nodes: readonly KubeObject[]; objects: readonly KubeObject[] },
  context: Context,
): Promise<Faces | undefined> {
  const { aws: settings, blue: configured, green, traffic } = project.config;
  if (!settings || green.stack.kind !== "eks") return undefined;
  const { openFaces } = await import("../../../aws/faces/open-faces.js");
  const aws = await awsOf(project, context);
  const faces = openFaces(settings, { clock: clockOf(context), random: context.edges.random });
  try {
    const instances = nodeInstances(blue.nodes);
    const moving = instances.filter(({ group }) => traffic.elasticIps.some((each) => each.group === group));
    context.progress.line("plan: looking at what lets blue in, and what knows its face");
    const question = {
      blue: {
        name: awsName(configured.name),
        instanceIds: instances.map(({ instanceId }) => instanceId),
        moving: moving.map(({ instanceId }) => instanceId),
        issuer: issuerOf(blue.objects),
      },
      green: await greenOf(green.name, green.stack.settings, project.dir),
    };
    const { account } = await aws.identity();
    return await faces.read(question, account);
  } finally {
    aws.close();
    faces.close();
  }
}

/** EKS's kubeconfig calls a cluster by its ARN. */
export function awsName(name: string): string {
  return name.replace(/^arn:.*:cluster\//, "");
}
