import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Proof, Report } from "../../scripts/proofs.js";
import { ensurePulumi } from "../../src/sandbox/binaries/pulumi.js";
import { SandboxFolder } from "../../src/sandbox/sandbox-folder.js";
import { availabilityZones, groups as sandboxGroups } from "../../src/sandbox/topology.js";
import { Workplace } from "../harness/clustershift.js";
import { asOnGreen, type ComparedGroups, differences, type NodeLabels } from "./shapes/groups.js";
import type { DrawnStacks } from "./shapes/made.js";
import { specified } from "./shapes/specified.js";

/** The specifications of kops, as files of this checkout. */
export const specifications = ["incident", "one-zone", "three-masters", "spot", "private", "several-ranges"].map(
  (name) => resolve(fileURLToPath(import.meta.url), `../../../examples/kops/${name}.yaml`),
);

const answers = ["--admin", "arn:aws:iam::123456789012:role/platform", "--syslog-from", "203.0.113.0/24"];

/** What init drew, and how it is like blue. */
export interface Drawn {
  stacks: DrawnStacks;
  /** Groups that were compared. */
  groups: number;
  differences: string[];
}

/** Runs init, and the programs of stacks/ with what it wrote, and compares what they make with blue. */
export async function draw(
  place: Workplace,
  options: readonly string[],
  blue: { groups: ComparedGroups; zones: Record<string, string> },
): Promise<Drawn> {
  const ended = await place.json<{
    config: { replay: { adaptations: { nodeLabels: NodeLabels } } };
    stacks: { config: Record<string, unknown> }[];
  }>("init", ...options, ...answers, "--overwrite");
  if (ended.code !== 0) throw new Error(`init ${options.join(" ")} ended with ${ended.code}: ${ended.stdout}`);
  const { config, stacks } = ended.json;
  const drawn = drawnStacks(stacks);
  // Pulumi and AWS take seconds to load, and a list of proofs has no use for them.
  const { made } = await import("./shapes/made.js");
  const expected = asOnGreen(blue.groups, config.replay.adaptations.nodeLabels);
  return {
    stacks: drawn,
    groups: Object.keys(expected).length,
    differences: differences(expected, await made(drawn, blue.zones)),
  };
}

/** The settings of both stacks, out of their files. */
export function drawnStacks(files: readonly { config: Record<string, unknown> }[]): DrawnStacks {
  const settings = Object.assign({}, ...files.map(({ config }) => config)) as Record<string, unknown>;
  return {
    foundation: settings["clustershift:foundation"],
    cluster: settings["clustershift:cluster"] as DrawnStacks["cluster"],
  };
}

export const proof: Proof = {
  name: "init-shapes",
  summary: "What init writes for the sandbox's blue and six kops specifications previews, and has blue's groups.",
  async run(report) {
    const folder = await mkdtemp(join(tmpdir(), "clustershift-shapes-"));
    const place = new Workplace(folder);
    try {
      const pulumiRoot = await ensurePulumi(join(folder, "pulumi"));
      const { preview } = await import("./shapes/preview.js");
      const shapes: Record<string, object> = {};
      const check = async (name: string, options: string[], blue: Parameters<typeof draw>[2]) => {
        const drawn = await draw(place, options, blue);
        const state = join(folder, "stacks", name);
        await mkdir(state, { recursive: true });
        const previewed = await preview(drawn.stacks, blue.zones, { folder: state, pulumiRoot });
        shapes[name] = { groups: drawn.groups, differences: drawn.differences, ...previewed };
        report(
          `${name}: ${drawn.groups} group(s), ${drawn.differences.length} difference(s), ${JSON.stringify(previewed)}`,
        );
        return drawn.differences.length === 0 && previewed.nodeGroups >= drawn.groups;
      };
      const held: boolean[] = [];
      for (const file of specifications) {
        const name = file.replace(/^.*\//, "");
        held.push(await check(name, ["--kops", file], await specified(file)));
      }
      const { options, blue } = await sandbox(place, report);
      held.push(await check("sandbox", options, blue));
      return { holds: held.length === 7 && held.every(Boolean), figures: shapes };
    } finally {
      await place.run(["sandbox", "down", "--name", "shapes"]);
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** A running sandbox's blue, as somebody else's cluster: by its kubeconfig and AWS alone. */
async function sandbox(place: Workplace, report: Report) {
  report("starting a sandbox");
  await place.succeed("sandbox", "up", "--name", "shapes");
  const folder = new SandboxFolder(place.env, "shapes");
  const record = await folder.require();
  const options = ["--context", "blue", "--kubeconfig", folder.kubeconfig, "--region", record.region];
  return {
    options: [...options, "--endpoint", `http://127.0.0.1:${record.ports.aws}`, "--zone", record.zone],
    blue: { groups: sandboxShape(), zones: {} },
  };
}

/** The groups of the sandbox's blue. */
export function sandboxShape(): ComparedGroups {
  return Object.fromEntries(
    sandboxGroups
      .filter(({ role }) => role === "node")
      .map(({ name, count, taints = [] }) => [
        name,
        {
          zones: availabilityZones,
          min: count,
          max: count,
          labels: { "kops.k8s.io/instancegroup": name },
          taints: taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effect}`),
        },
      ]),
  );
}
