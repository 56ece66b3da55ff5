import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../src/model/errors.js";
import { type FoundationOutputs, parseFoundationOutputs } from "../outputs.js";

/**
 * The foundation that a cluster stands on, as plain values: how many node groups there are depends on its zones, and
 * that must be known before anything is made.
 *
 * @param foundation the outputs, or the stack that has them
 * @throws UserError `green-missing` where that stack isn't up, or lacks outputs
 */
export async function findFoundation(foundation: string | FoundationOutputs): Promise<FoundationOutputs> {
  if (typeof foundation !== "string") return foundation;
  const stack = new pulumi.StackReference(foundation);
  const keys = ["vpcId", "vpcCidr", "privateSubnets", "publicSubnets", "hostedZones", "addresses", "egressIps"];
  const outputs: Record<string, unknown> = {};
  for (const key of [...keys, "backupBucket", "keyArn"]) {
    const details = await stack.getOutputDetails(key);
    outputs[key] = details.value;
  }
  if (Object.values(outputs).every((value) => value === undefined)) {
    throw new UserError({
      code: "green-missing",
      what: `clustershift:cluster.foundation: stack ${foundation} has no outputs`,
      fix: `Bring the foundation up first, or mend its name (organization/project/stack).`,
    });
  }
  return parseFoundationOutputs(outputs);
}
