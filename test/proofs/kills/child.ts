import { findMadeResource } from "../../../src/aws/made-resources.js";
import { openStack } from "../../../stacks/engine.js";
import { programOf, type RawCluster } from "../engine/configurations.js";
import type { StateOf } from "../engine/pulumi.js";

/** `child.ts JSON`: brings a cluster's stack up as `clustershift up` does, in a process that can be killed. */
interface Job {
  raw: RawCluster;
  region: string;
  pulumiRoot: string;
  state: StateOf;
}

const { raw, region, pulumiRoot, state } = JSON.parse(process.argv[2] ?? "") as Job;
const clock = { now: Date.now, sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
const stack = await openStack({
  ...state,
  stackName: raw.name,
  projectName: "clustershift",
  program: programOf(raw),
  pulumiRoot,
  findMade: (resource) => findMadeResource({ region, endpoint: state.env.AWS_ENDPOINT_URL }, clock, resource),
});
await stack.up();
