import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Proof, Report } from "../../scripts/proofs.js";
import { type Accounting, addsUp, type ParityReport } from "../../src/model/accounting.js";
import { ensureBinaries } from "../../src/sandbox/binaries/ensure.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import { controlPlaneBinaries, type KubernetesVersion } from "../../src/sandbox/binaries/versions.js";
import { listClusters } from "../../src/sandbox/clusters.js";
import { SandboxFolder } from "../../src/sandbox/sandbox-folder.js";
import { startVelero } from "../../src/sandbox/velero/velero-server.js";
import { Workplace } from "../harness/clustershift.js";

const blues: readonly KubernetesVersion[] = ["1.24.17", "1.15.12"];
const green: KubernetesVersion = "1.35.4";
const bucket = "acme-velero";

interface Migrated {
  accounting: Accounting;
  unaccounted: unknown[];
  parity: ParityReport;
}

/** What arrived on green of one blue. */
interface Journey {
  from: "the live blue" | "its Velero backup";
  seconds: number;
  objects: Accounting["total"];
  addsUp: boolean;
  /** By kind: objects that arrived. */
  arrived: Record<string, number>;
  compared: number;
  differences: number;
  declared: ParityReport["declared"];
}

/** One blue, by its backup and live. */
interface Comparison {
  blue: string;
  /** The phase in which Velero ended it, and the plan's findings that was made from it. */
  backup: { phase: string; findings: Record<string, number> };
  journeys: Omit<Journey, "arrived">[];
  kindsArrived: number;
  /** Kinds of which not as many arrived from the backup as from the live blue. */
  otherThanLive: Record<string, { live: number; backup: number }>;
  problems: string[];
}

export const proof: Proof = {
  name: "velero-without-velero",
  summary: `What Velero backed up on ${blues.join(" and ")} arrives on ${green} without Velero, as complete as from the live blue.`,
  async run(report) {
    const onProgress = (event: Parameters<typeof describeBinaryEvent>[0]) => report(describeBinaryEvent(event));
    const planes = [...blues, green].flatMap((version) => controlPlaneBinaries(version));
    await ensureBinaries([...planes, "velero", "velero-plugin-for-aws"], { onProgress });
    const comparisons: Comparison[] = [];
    for (const blue of blues) {
      const comparison = await compare(blue, (line) => report(`${blue}: ${line}`));
      for (const problem of comparison.problems) report(`${blue}: ${problem}`);
      comparisons.push(comparison);
    }
    return { holds: comparisons.every(({ problems }) => problems.length === 0), figures: { comparisons } };
  },
};

/** Two sandboxes of one blue, since each has room for one green. */
async function compare(blue: KubernetesVersion, report: Report): Promise<Comparison> {
  const archived = await inSandbox(blue, report, async (world) => {
    const phase = await backUp(world, report);
    const address = `velero:s3://${bucket}/blue#production`;
    const planned = await world.place.json<{ plan: { findings: { id: string }[] } }>("plan", "--from", address);
    if (planned.code !== 0) throw new Error(`plan ended with ${planned.code}: ${planned.stdout}${planned.stderr}`);
    const findings = countBy(planned.json.plan.findings.map(({ id }) => id));
    return {
      backup: { phase, findings },
      journey: await travel(world, "its Velero backup", ["--from", address], report),
    };
  });
  const live = await inSandbox(blue, report, async (world) => {
    // What Velero has in its own cluster is blue's as well: both have it.
    await backUp(world, report);
    await world.place.succeed("plan");
    return travel(world, "the live blue", [], report);
  });
  return judged(blue, archived.backup, live, archived.journey);
}

interface World {
  place: Workplace;
  folder: SandboxFolder;
  dir: string;
  kubeconfig: string;
  store: { bucket: string; prefix: string; region: string; endpoint: string };
}

async function inSandbox<T>(version: KubernetesVersion, report: Report, use: (world: World) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-velero-without-velero-"));
  // For every process that is started from here, Pulumi's among them: the user's own sandboxes lie elsewhere.
  const { XDG_STATE_HOME: usual } = process.env;
  process.env.XDG_STATE_HOME = join(dir, "state");
  const place = new Workplace(join(dir, "place"));
  const sandbox = "velero-without-velero";
  try {
    await mkdir(place.dir);
    report("clustershift sandbox up");
    await place.succeed("sandbox", "up", "--name", sandbox, "--blue", version);
    await place.succeed(
      ...["init", "--sandbox", sandbox, "--set", `green.version=${green}`, "--set", "replay.concurrency=16"],
    );
    const folder = new SandboxFolder(place.env, sandbox);
    const { ports, region } = await folder.require();
    const cluster = (await listClusters(folder)).find(({ name }) => name === "blue");
    const store = { bucket, prefix: "blue", region, endpoint: `http://127.0.0.1:${ports.aws}` };
    return await use({ place, folder, dir, kubeconfig: cluster?.adminKubeconfig ?? "", store });
  } finally {
    await place.run(["sandbox", "down", "--name", sandbox]);
    await rm(dir, { recursive: true, force: true });
    if (usual === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = usual;
  }
}

/** A backup of all of blue, by Velero itself: the phase in which it ended. Velero runs no longer when this returns. */
async function backUp({ folder, dir, kubeconfig, store }: World, report: Report): Promise<string> {
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  const s3 = new S3Client({ region: store.region, endpoint: store.endpoint, credentials, forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: bucket,
      CreateBucketConfiguration: { LocationConstraint: store.region as never },
    }),
  );
  s3.destroy();
  report("velero server");
  const velero = await startVelero({ kubeconfig, dir: join(dir, "velero"), processes: folder.processes, store });
  try {
    report("velero backup");
    return await velero.backup("production");
  } finally {
    await velero.stop();
  }
}

async function travel({ place }: World, from: Journey["from"], source: string[], report: Report): Promise<Journey> {
  const began = performance.now();
  const step = async (...argv: string[]): Promise<void> => {
    report(`${from}: clustershift ${argv.join(" ")}`);
    await place.succeed(...argv);
  };
  await step("approve", "--by", "velero-without-velero", "--comment", "proof");
  await step("up");
  // What migrate does first by itself where it's told --from.
  if (source.length === 0) {
    await step("export");
    await step("rehearse");
  }
  report(`${from}: clustershift ${["migrate", ...source].join(" ")}`);
  const { code, json, stdout } = await place.json<Migrated>("migrate", ...source);
  if (!json.accounting) throw new Error(`migrate ended with ${code}: ${stdout}`);
  const { accounting, unaccounted, parity } = json;
  return {
    from,
    seconds: Math.round((performance.now() - began) / 1000),
    objects: accounting.total,
    addsUp: addsUp(accounting) && unaccounted.length === 0,
    arrived: Object.fromEntries(
      Object.entries(accounting.kinds).map(([kind, { migrated, merged }]) => [kind, migrated + merged]),
    ),
    compared: parity.compared,
    differences: parity.differences.length,
    declared: parity.declared,
  };
}

function judged(blue: string, backup: Comparison["backup"], live: Journey, archived: Journey): Comparison {
  const kinds = [...new Set([...Object.keys(live.arrived), ...Object.keys(archived.arrived)])].sort();
  const otherThanLive = Object.fromEntries(
    kinds
      .map((kind) => [kind, { live: live.arrived[kind] ?? 0, backup: archived.arrived[kind] ?? 0 }] as const)
      .filter(([, counts]) => counts.live !== counts.backup),
  );
  const checks: [boolean, string][] = [
    [backup.phase === "Completed", `Velero's backup ended ${backup.phase}`],
    ...[live, archived].flatMap((each): [boolean, string][] => [
      [each.objects.failed === 0, `from ${each.from}: ${each.objects.failed} objects failed`],
      [each.differences === 0, `from ${each.from}: ${each.differences} undeclared differences`],
      [each.addsUp, `from ${each.from}: the counts don't add up`],
    ]),
    [Object.keys(otherThanLive).length === 0, `not as from the live blue: ${Object.keys(otherThanLive).join(", ")}`],
  ];
  const figuresOf = ({ arrived: _, ...others }: Journey) => others;
  return {
    blue,
    backup,
    journeys: [live, archived].map(figuresOf),
    kindsArrived: kinds.filter((kind) => (archived.arrived[kind] ?? 0) > 0).length,
    otherThanLive,
    problems: checks.filter(([holds]) => !holds).map(([, problem]) => problem),
  };
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
