import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../src/model/errors.js";
import { program } from "./program.js";
import { parseStackSettings } from "./settings/stack-settings.js";

/** What `pulumi up` runs. */
export default async function main(): Promise<pulumi.Inputs> {
  const config = new pulumi.Config("clustershift");
  try {
    const settings = { foundation: config.getObject("foundation"), cluster: config.getObject("cluster") };
    return await program(parseStackSettings(settings))();
  } catch (thrown) {
    // RunError is printed without a stack trace.
    if (thrown instanceof UserError) throw new pulumi.RunError(`${thrown.message}\n${thrown.fix}`);
    throw thrown;
  }
}
