import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { parse, parseDocument } from "yaml";
import type { Report } from "../../../scripts/proofs.js";
import type { ControlPlane } from "../../../src/sandbox/cluster/control-plane.js";
import { nodeCommand } from "../../../src/sandbox/self.js";
import { type FoundationOutputs, parseFoundationOutputs } from "../../../stacks/outputs.js";
import { foundationProgram } from "../../../stacks/program.js";
import { parseFoundationSettings } from "../../../stacks/settings/foundation-settings.js";
import { Workplace } from "../../harness/clustershift.js";
import { createDumper } from "../engine/dump.js";
import { openWorld, region, type World } from "../engine/world.js";
import { type Blue, readOnlyIdentity, standBlue } from "./blue.js";
import { standGreen, withVolumes } from "./green.js";
import { leftInAws, leftInCluster } from "./leftovers.js";
import { type Migrated, migrate, stacksOf } from "./migration.js";

const foundationStack = "prod-foundation";
const names = ["prod-1-35", "prod-2026-11"] as const;

export interface RotateEks {
  /** An empty folder. */
  folder: string;
  pulumiRoot: string;
  report: Report;
  planes: Record<"blue" | "one" | "two", ControlPlane>;
}

/** What was seen, and what was not as it must be. */
export interface Rotated {
  figures: object;
  wrong: string[];
}

/**
 * Two migrations one after the other, by the commands that a person would use: from a blue as kops makes them to a cluster of a stack,
 * and from that to the next. Of each what is left is looked for, in AWS, in the cluster that serves at last, and in Pulumi's state.
 */
export async function rotateEks({ folder, pulumiRoot, report, planes }: RotateEks): Promise<Rotated> {
  const dir = join(folder, "work");
  await mkdir(dir, { recursive: true });
  const world = await openWorld(join(folder, "world"), pulumiRoot, join(dir, ".clustershift", "pulumi"));
  // Pulumi's engine, which the commands start, is found and told by the environment of the process.
  const usual = { ...process.env };
  Object.assign(process.env, personsEnvironment(world, pulumiRoot));
  try {
    const stage = new Stage(world, new Workplace(dir), report);
    const blue = await standBlue(world, planes.blue);
    await stage.person.succeed("init", ...whereBlueIs(world, blue), ...settings(world, blue, planes.blue));
    const first = await stage.move(planes.one, await stage.foundation());
    const identity = await readOnlyIdentity(planes.one, "one", names[0]);
    const set = [`blue.context=${names[0]}`, `blue.kubeconfig=${identity}`].flatMap((each) => ["--set", each]);
    await stage.person.succeed("init", "--next", "--green-name", names[1], ...set);
    // What it says that the foundation lacks.
    const second = await stage.move(planes.two, await stage.foundation("ingress-2"));
    const aws = await createDumper(world.env.CLUSTERSHIFT_TEST_MODELS)(world.aws);

    const gone = [names[0], blue.name, first.migrated.run];
    const instances = [...blue.instanceIds, ...first.instanceIds];
    const wrong = [
      ...stage.wrong,
      ...leftInAws(aws, gone, instances),
      ...(await leftInCluster(planes.two, "two", [...gone, ...instances], second.migrated.run)),
      ...otherStacks(await stacksOf(stage.person)),
    ];
    return { figures: { first: first.migrated, second: second.migrated, lookedAt: aws.length }, wrong };
  } finally {
    process.env = usual;
    await world.close();
  }
}

interface Moved {
  migrated: Migrated;
  /** Green's. */
  instanceIds: string[];
}

class Stage {
  /** What was not as it must be. */
  readonly wrong: string[] = [];

  constructor(
    readonly world: World,
    readonly person: Workplace,
    readonly report: Report,
  ) {}

  /** Brought up as init wrote it, and with these addresses beside. */
  async foundation(...addresses: string[]): Promise<FoundationOutputs> {
    const file = join(this.person.dir, `Pulumi.${foundationStack}.yaml`);
    const document = parseDocument(await readFile(file, "utf8"));
    const key = ["config", "clustershift:foundation", "addresses"];
    for (const each of addresses) document.addIn(key, each);
    await writeFile(file, document.toString());
    const settings = document.toJS().config["clustershift:foundation"];
    const stack = await this.world.open(foundationStack, foundationProgram(parseFoundationSettings(settings)));
    await stack.up();
    return parseFoundationOutputs(await stack.outputs());
  }

  /** Everything between init and the end of teardown. `plane`: where green's API is, once its stack has made an EKS cluster. */
  async move(plane: ControlPlane, foundation: FoundationOutputs): Promise<Moved> {
    const { person, world } = this;
    const { blue, green } = parse(await readFile(join(person.dir, "clustershift.yaml"), "utf8"));
    await world.place(green.name, plane.kubeconfigPath);
    const instanceIds = await standGreen(world, plane, { name: green.name, ...green.stack.settings }, foundation);
    const course = { blue: blue.name, soakMs: 11 * 60_000 };
    const fault = (why: string) => void this.wrong.push(`to ${green.name}: ${why}`);
    const migrated = await withVolumes(plane, () => migrate(person, course, fault, this.report));
    return { instanceIds, migrated };
  }
}

function otherStacks(found: readonly string[]): string[] {
  const wanted: readonly string[] = [foundationStack, names[1]];
  return found.filter((each) => !wanted.includes(each)).map((each) => `the stack ${each} is left`);
}

function whereBlueIs(world: World, blue: Blue): string[] {
  const options = {
    context: "blue",
    kubeconfig: blue.kubeconfig,
    region,
    endpoint: world.env.AWS_ENDPOINT_URL,
    zone: blue.zone,
    admin: "arn:aws:iam::123456789012:role/platform",
    "syslog-from": "203.0.113.0/24",
    environment: "production",
    foundation: foundationStack,
    "green-name": names[0],
  };
  return Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
}

/** No container runs here, so what can be asked of green is asked of its API alone. */
function settings({ front }: World, { instanceIds }: Blue, { kubeconfigPath }: ControlPlane): string[] {
  const { command, args } = nodeCommand("./remove-blue", import.meta.url, front.internalEndpoint, region);
  const removal = [command, ...args, dirname(kubeconfigPath), ...instanceIds];
  const checks = [
    { kind: "workloads", name: "workloads ready", timeout: "60s" },
    { kind: "parity", name: "parity with blue" },
  ];
  const set = {
    "blue.teardown": { command: removal },
    "smoke.checks": checks,
    "traffic.hold": "1s",
    "traffic.steps": [25, 100],
    soak: "10m",
    "green.validate": { steady: "2s", every: "500ms" },
    // As the plan asks for: EKS has no masters, and what ran on them shall run on the other nodes.
    "replay.adaptations.nodeLabels": {
      "kops.k8s.io/instancegroup": { key: "clustershift.io/group", values: { master: "nodes" } },
    },
  };
  return Object.entries(set).flatMap(([key, value]) => ["--set", `${key}=${JSON.stringify(value)}`]);
}

function personsEnvironment({ env, state }: World, pulumiRoot: string): NodeJS.ProcessEnv {
  return {
    ...env,
    PATH: [env.CLUSTERSHIFT_TEST_PLUGINS, join(pulumiRoot, "bin"), process.env.PATH].join(delimiter),
    PULUMI_HOME: state.pulumiHome,
    PULUMI_CONFIG_PASSPHRASE: state.passphrase,
  };
}
