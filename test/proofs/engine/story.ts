import type { Report } from "../../../scripts/proofs.js";
import { UserError } from "../../../src/model/errors.js";
import type { ControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import { defineVelero, objectsOfStack } from "./api-server.js";
import { exampleCluster, exampleFoundation, foundationStack, programOf, type RawCluster } from "./configurations.js";
import { createDumper, type Dump } from "./dump.js";
import { openWorld, seed, type World } from "./world.js";

export interface StoryArgs {
  folder: string;
  pulumiRoot: string;
  report: Report;
  servers: Record<"one" | "other", ControlPlane>;
}

/** What was seen, and what was not as it must be. */
export interface Told {
  holds: boolean;
  figures: Record<string, unknown> & { wrong: string[] };
}

/** A foundation and two clusters on it: made, looked at again, changed, and destroyed one after the other. */
export async function runStory({ folder, pulumiRoot, report, servers }: StoryArgs): Promise<Told> {
  const world = await openWorld(folder, pulumiRoot);
  const wrong: string[] = [];
  const figures: Record<string, unknown> = {};
  const expect = (what: string, seen: unknown, wanted: unknown) => {
    if (JSON.stringify(seen) !== JSON.stringify(wanted)) {
      wrong.push(`${what}: ${JSON.stringify(seen)?.slice(0, 2000)} in place of ${JSON.stringify(wanted)}`);
    }
    report(`${what}: ${JSON.stringify(seen)?.slice(0, 200)}`);
  };
  try {
    await seed(world);
    const dumpAws = createDumper(world.env.CLUSTERSHIFT_TEST_MODELS);
    const [one, other] = [await exampleCluster("1.35"), await exampleCluster("1.24")];
    const clusters = [
      { raw: one, name: "one", server: servers.one },
      { raw: other, name: "other", server: servers.other },
    ] as const;
    for (const { raw, name, server } of clusters) {
      await world.place(raw.name, server.kubeconfigPath);
      await defineVelero(server.kubeconfigPath, name);
    }
    const objectsOf = ({ server, name }: (typeof clusters)[number]) => objectsOfStack(server.kubeconfigPath, name);
    const before = await dumpAws(world.aws);

    const foundation = await world.open(foundationStack, await exampleFoundation());
    figures.foundation = await made(world, foundation, "foundation", expect);
    const stacks: Stack[] = [];
    for (const each of clusters) {
      stacks.push(await world.open(each.raw.name, programOf(each.raw)));
    }
    const [first, second] = stacks;
    if (!first || !second) throw new Error("two clusters are needed");
    figures.one = await made(world, first, one.name, expect);
    const withOne = [...(await dumpAws(world.aws)), ...(await objectsOf(clusters[0]))];
    figures.other = await made(world, second, other.name, expect);
    const withBoth = [...(await dumpAws(world.aws)), ...(await objectsOf(clusters[0]))];
    figures.compared = withBoth.length;
    figures.ofOther = onlyIn(withBoth, withOne).length;
    const objects = [(await objectsOf(clusters[0])).length, (await objectsOf(clusters[1])).length];
    figures.objects = objects;
    expect(
      "both API servers have objects, as many the one as the other",
      Number(objects[0]) > 5 && objects[0] === objects[1],
      true,
    );

    figures.destroyed = await second.destroy();
    const afterwards = [...(await dumpAws(world.aws)), ...(await objectsOf(clusters[0]))];
    const differences = [...onlyIn(afterwards, withOne), ...onlyIn(withOne, afterwards)];
    figures.differences = differences.length;
    expect("differences after one of two clusters is destroyed", differences, []);

    figures.changed = await changeOfSize(world, one, expect);
    await refusedWhileProtected(world, foundation, dumpAws, expect);
    await first.destroy();
    await world.pulumi(foundationStack, "state", "unprotect", "--all", "--yes");
    await foundation.destroy();
    const left = onlyIn(await dumpAws(world.aws), before).filter(isLeft);
    expect(
      "what is left of it all",
      left.map((line) => line.slice(0, 200)),
      [],
    );
    return { holds: wrong.length === 0, figures: { ...figures, requests: world.changes(), violations: 0, wrong } };
  } finally {
    await world.close();
  }
}

const quietly = ["--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress"];

type Expect = (what: string, seen: unknown, wanted: unknown) => void;
type Stack = Awaited<ReturnType<World["open"]>>;

/** Brought up; then neither a preview nor a look at the live resources sees a change. @returns how many resources */
async function made(world: World, stack: Stack, what: string, expect: Expect): Promise<number> {
  const { create = 0 } = await stack.preview();
  expect(`${what}: made`, await stack.up(), { create });
  expect(`${what}: previewed again`, await stack.preview(), { same: create });
  const name = what === "foundation" ? foundationStack : what;
  await world.pulumi(name, "refresh", "--expect-no-changes", ...quietly);
  expect(`${what}: brought up again`, await stack.up(), { same: create });
  return create;
}

/** One more node in a group: its node groups change in place, and nothing else does. */
async function changeOfSize(world: World, raw: RawCluster, expect: Expect): Promise<unknown> {
  const groups = raw.groups.map((group) => (group.name === "syslog" ? { ...group, max: group.max + 3 } : group));
  const stack = await world.open(raw.name, programOf({ ...raw, groups }));
  const touched = new Set<string>();
  const changes = await stack.up(({ op, type, name }) => {
    if (op !== "same" && !type.startsWith("pulumi:")) touched.add(`${op} ${type.split(":").at(-1)} ${name}`);
  });
  const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
  expect(
    "what a change of a group's size touches",
    [...touched].sort(),
    zones.map((zone) => `update NodeGroup syslog-${zone}`),
  );
  return changes;
}

/** What outlives clusters isn't destroyed by accident: it is refused, by clustershift and by plain Pulumi, and nothing is gone. */
async function refusedWhileProtected(
  world: World,
  foundation: Stack,
  dump: (aws: World["aws"]) => Promise<Dump>,
  expect: Expect,
): Promise<void> {
  const had = await dump(world.aws);
  const refusal = await foundation.destroy().catch((error: unknown) => error);
  expect("the foundation's destruction is refused", refusal instanceof UserError && refusal.code, "effect-failed");
  const plain = await world.pulumi(foundationStack, "destroy", ...quietly).catch((error: Error) => error.message);
  expect("and so it is by Pulumi itself", /cannot be deleted[\s\S]*protected/.test(plain), true);
  const has = await dump(world.aws);
  expect("what the refused destructions changed", [...onlyIn(had, has), ...onlyIn(has, had)], []);
}

/**
 * Whether a line tells of something of a stack that is still there. AWS shows gateways for a while that are no more, and keeps a
 * key, with its tags, for as long as one may want it back. The emulator keeps the tags of what is gone; what is there is told of
 * elsewhere too.
 */
function isLeft(line: string): boolean {
  if (/^(ec2 DescribeTags|kms ListResourceTags) /.test(line)) return false;
  const ours = line.includes('"clustershift:') || line.startsWith("kms DescribeKey ");
  return ours && !/"State":"deleted"|PendingDeletion/.test(line);
}

function onlyIn(one: Dump, other: Dump): Dump {
  const there = new Set(other);
  return one.filter((line) => !there.has(line));
}
