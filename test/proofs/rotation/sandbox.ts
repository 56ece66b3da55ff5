import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import type { Report } from "../../../scripts/proofs.js";
import type { GreenRecord } from "../../../src/model/run.js";
import { listClusters } from "../../../src/sandbox/clusters.js";
import { SandboxFolder } from "../../../src/sandbox/sandbox-folder.js";
import { Workplace } from "../../harness/clustershift.js";
import { processesMarked } from "../../harness/processes.js";
import { type Migrated, migrate, readOf, stacksOf, swift } from "./migration.js";
import { everything, named, naming, processesIn, worldOf } from "./traces.js";

const sandbox = `rotation-${process.pid}`;
const soakMs = 11 * 60_000;

export interface RotationFigures {
  first: Migrated;
  second: Migrated;
  /** Objects of the second green that were searched for names of what is gone. */
  searched: number;
}

/**
 * Two migrations of one production, one after the other: the first one's green is the second one's blue. At the end nothing is left
 * of the first pair, anywhere.
 */
export async function rotateSandbox(report: Report): Promise<{ figures: RotationFigures; wrong: string[] }> {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-rotation-"));
  const place = new Workplace(join(dir, "place"), { ...process.env, SANDBOX_MARK: dir });
  // Waits for TTLs and between looks are bounded: nothing is measured by them.
  place.sleep = (ms, until) => sleep(Math.min(ms, 500), undefined, until ? { signal: until } : {});
  const wrong: string[] = [];
  const fault = (why: string) => void wrong.push(why);
  try {
    await mkdir(place.dir);
    await place.succeed("sandbox", "up", "--name", sandbox);
    await place.succeed("init", "--sandbox", sandbox, ...swift);
    const folder = new SandboxFolder(place.env, sandbox);
    const { cluster } = await folder.require();
    const first = await migrate(place, { blue: cluster, soakMs }, (why) => fault(`first: ${why}`), report);
    const after = await worldOf(await folder.require());
    const gone = await standing(folder);
    const stood = await readOf<GreenRecord>(place, first.run, "green.json");

    await place.succeed("init", "--next");
    const since = new Date();
    const beforeTeardown = async () => {
      for (const write of await writesTo(folder, stood.stack, since)) fault(`second: blue was written to: ${write}`);
    };
    const course = { blue: stood.stack, soakMs, beforeTeardown };
    const second = await migrate(place, course, (why) => fault(`second: ${why}`), report);
    const stands = await readOf<GreenRecord>(place, second.run, "green.json");
    const names = [cluster, stood.stack, first.run, stood.clusterId];
    const searched = await judge({ place, folder, names, after, from: gone, stood, stands, second }, fault);
    await place.succeed("sandbox", "down", "--name", sandbox);
    const alive = [...(await processesMarked(dir)), ...(await processesIn(folder.dir))];
    if (alive.length > 0) fault(`after sandbox down there are still ${alive.join(", ")}`);
    return { figures: { first, second, searched }, wrong };
  } finally {
    await place.run(["sandbox", "down", "--name", sandbox]);
    await rm(dir, { recursive: true, force: true });
  }
}

/** What stands in a sandbox besides what is judged: ids of instances, by which AWS and nodes are tied. */
async function standing(folder: SandboxFolder): Promise<string[]> {
  return (await listClusters(folder)).flatMap(({ instanceIds }) => instanceIds);
}

interface AuditEvent {
  verb: string;
  requestURI: string;
  requestReceivedTimestamp: string;
  user: { username: string };
}

/** What clustershift's identities did to a cluster but read it, by its own audit log. */
async function writesTo(folder: SandboxFolder, name: string, since: Date): Promise<string[]> {
  const log = (await listClusters(folder)).find((cluster) => cluster.name === name)?.auditLog;
  if (!log) throw new Error(`${name} has no audit log`);
  const events = (await readFile(log, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as AuditEvent);
  const ours = events.filter(
    ({ user, requestReceivedTimestamp }) =>
      user.username.startsWith("system:serviceaccount:clustershift:") &&
      Date.parse(requestReceivedTimestamp) >= since.getTime(),
  );
  if (!ours.some(({ verb }) => verb === "list")) throw new Error(`the audit log of ${name} has no list of ours`);
  return ours
    .filter(({ verb }) => !["get", "list", "watch"].includes(verb))
    .map(({ verb, requestURI, user }) => `${user.username} ${verb} ${requestURI}`);
}

interface Ended {
  place: Workplace;
  folder: SandboxFolder;
  /** What nothing may name any more, beside the old instances and addresses. */
  names: readonly string[];
  /** The world after the first migration, and its instances. */
  after: Awaited<ReturnType<typeof worldOf>>;
  from: readonly string[];
  /** The first green, and the second. */
  stood: GreenRecord;
  stands: GreenRecord;
  second: Migrated;
}

/** Whether the second green stands alone, in the place of the first. Resolves to how many of its objects were searched. */
async function judge(
  { place, folder, names, after, from, stood, stands, second }: Ended,
  fault: (why: string) => void,
): Promise<number> {
  const record = await folder.require();
  const now = await worldOf(record);
  const [was, is] = [stood.addresses.ingress ?? "", stands.addresses.ingress ?? ""];
  if (JSON.stringify(now.records) !== JSON.stringify(after.records).replaceAll(`"${was}"`, `"${is}"`))
    fault(`the zone is not as it was, with ${is} in place of ${was}: ${JSON.stringify(now.records)}`);
  const [cluster, ...others] = await listClusters(folder);
  if (others.length > 0 || cluster?.name !== stands.stack) fault("the second green is not the only cluster");
  const own = cluster?.instanceIds ?? [];
  if (now.addresses.length !== after.addresses.length) fault("addresses came or went");
  for (const { PublicIp, InstanceId, Tags = [] } of now.addresses) {
    if (!own.includes(InstanceId ?? "")) fault(`${PublicIp} is attached to ${InstanceId}, which is none of green's`);
    const ours = Tags.filter(({ Key }) => Key?.startsWith("clustershift:"));
    if (ours.length > 0) fault(`${PublicIp} has tags of ours: ${JSON.stringify(ours)}`);
  }
  for (const { InstanceId } of now.instances)
    if (!own.includes(InstanceId ?? "")) fault(`${InstanceId} runs, and is none of green's`);

  const old = [...names, ...from, was];
  const found = named(JSON.stringify(now), old);
  if (found.length > 0) fault(`the emulator still names ${found.join(", ")}`);
  const objects = await everything(join(folder.controlPlane(stands.stack), "kubeconfig.yaml"), stands.stack);
  for (const { key, names } of naming(objects, old, second.run))
    fault(`${key} of the second green names ${names.join(", ")}`);
  await judgePlace(place, folder, stands, old, fault);
  return objects.size;
}

/** Stacks, control planes, processes and contexts: those of the second green alone. */
async function judgePlace(
  place: Workplace,
  folder: SandboxFolder,
  { stack }: GreenRecord,
  old: readonly string[],
  fault: (why: string) => void,
): Promise<void> {
  const only = (what: string, found: readonly string[], wanted: readonly string[]) => {
    if (JSON.stringify([...found].sort()) !== JSON.stringify([...wanted].sort()))
      fault(`${what} are ${found.join(", ")}, not ${wanted.join(", ")}`);
  };
  only("stacks", await stacksOf(place), [stack]);
  only("control planes", await readdir(folder.path("control-planes")), [stack]);
  const { contexts } = parse(await readFile(folder.kubeconfig, "utf8")) as { contexts: { name: string }[] };
  only(
    "contexts",
    contexts.map(({ name }) => name),
    [stack, `${stack}-admin`],
  );
  const files = await readdir(folder.dir);
  only(
    "files of instances",
    files.filter((file) => file.startsWith("instances-")),
    [`instances-${stack}.json`],
  );
  const working = await processesIn(folder.dir);
  const isOwn = (line: string): boolean =>
    line.includes(`${folder.controlPlane(stack)}/`) && named(line, old).length === 0;
  if (!working.some(isOwn)) fault("no process of the second green is seen");
  for (const line of working.filter((each) => !isOwn(each))) fault(`a process is left: ${line}`);
}
