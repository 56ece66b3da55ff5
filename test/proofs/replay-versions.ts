import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { productionFor } from "../../examples/production/aged/index.js";
import { loadProduction } from "../../examples/production/load.js";
import type { Proof, Report } from "../../scripts/proofs.js";
import { type Accounting, addsUp, type ParityReport } from "../../src/model/accounting.js";
import { groupOf, type KubeObject, kindKey } from "../../src/model/objects.js";
import { auditedVerbs } from "../../src/sandbox/audit.js";
import { ensureBinaries } from "../../src/sandbox/binaries/ensure.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";
import { controlPlaneBinaries, type KubernetesVersion } from "../../src/sandbox/binaries/versions.js";
import { listClusters } from "../../src/sandbox/clusters.js";
import { SandboxFolder } from "../../src/sandbox/sandbox-folder.js";
import { Workplace } from "../harness/clustershift.js";

const blues: readonly KubernetesVersion[] = ["1.15.12", "1.21.14", "1.24.17"];
const green: KubernetesVersion = "1.35.4";
/** Fewer would say little. */
const leastKinds = 45;

/** What `clustershift migrate --output json` says. */
interface Migrated {
  accounting: Accounting;
  unaccounted: unknown[];
  writes: number;
  parity: ParityReport;
}

/** What became of one blue's workload. */
interface Journey {
  blue: string;
  green: string;
  seconds: number;
  /** Kinds, by group and kind of today, of the manifests that were written to blue; what its controllers add isn't counted. */
  kindsWritten: number;
  /** Manifests, and those that this version can't hold. */
  objectsWritten: number;
  leftOut: string[];
  /** Creates in blue's audit log by the apiVersion of their URL: the manifests went through the old endpoints. */
  writtenThrough: Record<string, number>;
  /** Kinds that blue listed, controllers' work included, and those of which something arrived. */
  kindsListed: number;
  kindsArrived: number;
  objects: Accounting["total"];
  addsUp: boolean;
  compared: number;
  declared: ParityReport["declared"];
  differences: number;
  /** What clustershift's own identity asked of blue. */
  blueVerbs: Record<string, number>;
  problems: string[];
}

/** The sandbox's production, in the oldest versions that each blue serves, by the commands that a person would use. */
export const proof: Proof = {
  name: "replay-versions",
  summary: `From Kubernetes ${blues.join(", ")} to ${green}: 0 objects failed, 0 undeclared differences, counts add up, blue only read.`,
  async run(report) {
    const onProgress = (event: Parameters<typeof describeBinaryEvent>[0]) => report(describeBinaryEvent(event));
    await ensureBinaries(
      [...blues, green].flatMap((version) => controlPlaneBinaries(version)),
      { onProgress },
    );
    const journeys: Journey[] = [];
    for (const blue of blues) {
      const journey = await travel(blue, report);
      report(`${blue}: ${journey.objects.listed} objects of ${journey.kindsListed} kinds, ${journey.seconds} s`);
      for (const problem of journey.problems) report(`${blue}: ${problem}`);
      journeys.push(journey);
    }
    return { holds: journeys.every(({ problems }) => problems.length === 0), figures: { journeys } };
  },
};

async function travel(blue: KubernetesVersion, report: Report): Promise<Journey> {
  const began = performance.now();
  const dir = await mkdtemp(join(tmpdir(), "clustershift-replay-versions-"));
  // For every process that is started from here, Pulumi's among them: the user's own sandboxes lie elsewhere.
  const { XDG_STATE_HOME: usual } = process.env;
  process.env.XDG_STATE_HOME = join(dir, "state");
  const place = new Workplace(join(dir, "place"));
  const sandbox = "replay-versions";
  const step = async (...argv: string[]): Promise<void> => {
    report(`${blue}: clustershift ${argv.join(" ")}`);
    await place.succeed(...argv);
  };
  try {
    await mkdir(place.dir);
    await step("sandbox", "up", "--name", sandbox, "--blue", blue);
    await step("init", "--sandbox", sandbox, "--set", `green.version=${green}`, "--set", "replay.concurrency=16");
    await step("plan");
    await step("approve", "--by", "replay-versions", "--comment", "proof");
    await step("up");
    await step("export");
    await step("rehearse");
    report(`${blue}: clustershift migrate`);
    const migrated = await place.json<Migrated & { error?: { what: string } }>("migrate");
    if (!migrated.json.accounting) throw new Error(`migrate ended with ${migrated.code}: ${migrated.stdout}`);
    const cluster = (await listClusters(new SandboxFolder(place.env, sandbox))).find(({ name }) => name === "blue");
    const auditLog = cluster?.auditLog ?? "";
    return judged({
      ...figuresOf(blue, migrated.json),
      writtenThrough: await createsThrough(auditLog),
      blueVerbs: await auditedVerbs(auditLog, "system:serviceaccount:clustershift:"),
      seconds: Math.round((performance.now() - began) / 1000),
    });
  } finally {
    await place.run(["sandbox", "down", "--name", sandbox]);
    await rm(dir, { recursive: true, force: true });
    if (usual === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = usual;
  }
}

type Measured = Omit<Journey, "problems">;

function figuresOf(
  blue: KubernetesVersion,
  { accounting, unaccounted, parity }: Migrated,
): Omit<Measured, "writtenThrough" | "blueVerbs" | "seconds"> {
  const production = loadProduction();
  const { objects, leftOut } = productionFor(blue, production);
  const left = new Set(leftOut.map(({ object }) => object));
  const rows = Object.values(accounting.kinds);
  return {
    blue,
    green,
    kindsWritten: new Set(production.filter((object) => !left.has(object)).map(kindOf)).size,
    objectsWritten: objects.length,
    leftOut: leftOut.map(({ object, reason }) => `${object.metadata.name}: ${reason}`),
    kindsListed: rows.filter(({ listed }) => listed > 0).length,
    kindsArrived: rows.filter(({ migrated, merged }) => migrated + merged > 0).length,
    objects: accounting.total,
    addsUp: addsUp(accounting) && unaccounted.length === 0,
    compared: parity.compared,
    declared: parity.declared,
    differences: parity.differences.length,
  };
}

/** By apiVersion of the URL, e.g. `extensions/v1beta1`: creates that the server granted to the sandbox's administrator. */
async function createsThrough(auditLog: string): Promise<Record<string, number>> {
  const counts = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(auditLog) })) {
    if (line === "") continue;
    const { verb, user, stage, objectRef, responseStatus } = JSON.parse(line) as {
      verb: string;
      user: { groups?: string[] };
      stage: string;
      objectRef?: { apiGroup?: string; apiVersion?: string; subresource?: string };
      responseStatus?: { code: number };
    };
    if (stage !== "ResponseComplete" || verb !== "create" || responseStatus?.code !== 201) continue;
    if (!user.groups?.includes("system:masters") || !objectRef || objectRef.subresource) continue;
    const apiVersion = [objectRef.apiGroup, objectRef.apiVersion].filter(Boolean).join("/");
    counts.set(apiVersion, (counts.get(apiVersion) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function judged(figures: Measured): Journey {
  const { objects, addsUp, differences, kindsWritten, blueVerbs, writtenThrough } = figures;
  const others = Object.keys(blueVerbs).filter((verb) => !["get", "list", "watch"].includes(verb));
  const bypassed = missing(productionFor(figures.blue).objects, writtenThrough);
  const checks: [boolean, string][] = [
    [objects.failed === 0, `${objects.failed} objects failed`],
    [differences === 0, `${differences} undeclared differences`],
    [addsUp, "the counts don't add up"],
    [objects.listed >= figures.objectsWritten, `${objects.listed} listed of ${figures.objectsWritten} written`],
    [kindsWritten >= leastKinds, `only ${kindsWritten} kinds were written`],
    [Object.keys(blueVerbs).length > 0, "blue saw nothing of clustershift"],
    [others.length === 0, `blue saw ${others.join(", ")}`],
    [bypassed.length === 0, `not written through their own endpoint: ${bypassed.join(", ")}`],
  ];
  return { ...figures, problems: checks.filter(([holds]) => !holds).map(([, problem]) => problem) };
}

/** apiVersions of manifests that blue saw fewer creates of than there are manifests; what blue had already isn't created. */
function missing(objects: readonly KubeObject[], seen: Record<string, number>): string[] {
  const wanted = new Map<string, number>();
  for (const { apiVersion } of objects) {
    if (apiVersion !== "v1") wanted.set(apiVersion, (wanted.get(apiVersion) ?? 0) + 1);
  }
  return [...wanted].filter(([apiVersion, count]) => (seen[apiVersion] ?? 0) < count).map(([apiVersion]) => apiVersion);
}

function kindOf({ apiVersion, kind }: KubeObject): string {
  return kindKey({ group: groupOf(apiVersion), kind });
}
