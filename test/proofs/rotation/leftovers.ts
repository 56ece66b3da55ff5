import type { ControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import type { Dump } from "../engine/dump.js";
import { everything, named, naming } from "./traces.js";

/** What AWS shows for a while of what is gone. */
const dead = /"State":"deleted"|"Name":"terminated"|PendingDeletion/;

/**
 * Lines of a dump that name what should be gone. The emulator keeps the tags and the interface of an instance that it has terminated; in
 * AWS they go with it.
 *
 * @param terminated instances, which must be so by the dump itself
 */
export function leftInAws(dump: Dump, gone: readonly string[], terminated: readonly string[]): string[] {
  const ofInstance =
    /^ec2 (?:DescribeTags .*"ResourceId":"(i-\w+)"|DescribeNetworkInterfaces .*"InstanceId":"(i-\w+)")/;
  const kept = (line: string): boolean => {
    const [, tagged, attached] = ofInstance.exec(line) ?? [];
    return terminated.includes(tagged ?? attached ?? "");
  };
  const alive = terminated.filter((id) => !dump.some((line) => dead.test(line) && line.includes(`"${id}"`)));
  return [
    ...alive.map((id) => `${id} isn't terminated`),
    ...dump.flatMap((line) => {
      const found = dead.test(line) || kept(line) ? [] : named(line, [...gone, ...terminated]);
      return found.length === 0 ? [] : [`AWS still has ${found.join(", ")}: ${line.slice(0, 400)}`];
    }),
  ];
}

/** Objects of a cluster, of any kind, that name what should be gone; but for the record of its own run, which tells where it led from. */
export async function leftInCluster(
  { kubeconfigPath }: ControlPlane,
  context: string,
  gone: readonly string[],
  run: string,
): Promise<string[]> {
  const objects = await everything(kubeconfigPath, context);
  return naming(objects, gone, run).map(({ key, names }) => `${key} names ${names.join(", ")}`);
}
