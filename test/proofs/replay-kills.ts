import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { loadProduction } from "../../examples/production/load.js";
import type { Proof } from "../../scripts/proofs.js";
import type { Counts } from "../../src/model/accounting.js";
import type { KubeObject } from "../../src/model/objects.js";
import { readLive } from "../../src/replay/live-source.js";
import { parity } from "../../src/replay/parity.js";
import { planReplay } from "../../src/replay/replay.js";
import { standard } from "../../src/replay/standard.js";
import type { ControlPlane } from "../../src/sandbox/cluster/control-plane.js";
import { applyWorkload } from "../../src/sandbox/workload.js";
import { withControlPlanes } from "../harness/control-planes.js";
import { seededRandom } from "../harness/random.js";
import { open } from "../replay/servers.js";

const versions = { blue: "1.24.17", green: "1.35.4" } as const;
const kills = 30;
/** So many writes at most until the next kill, and so many objects beside the production: each kill finds work to do. */
const mostWrites = 20;
const more = 800;

const program = fileURLToPath(new URL("./replay/child.ts", import.meta.url));

interface Ended {
  total: Counts;
  unaccounted: unknown[];
  writes: number;
}

export const proof: Proof = {
  name: "replay-kills",
  summary: "kill -9 at 30 random moments of a replay: resumed, no object lost, none made twice.",
  async run(report) {
    const random = seededRandom("kills of a replay");
    return withControlPlanes(versions, report, async (planes) => {
      const folder = await mkdtemp(join(tmpdir(), "clustershift-replay-kills-"));
      try {
        report("loading the workload into blue");
        const blue = await open(planes.blue.kubeconfigPath);
        await applyWorkload(blue, [...loadProduction(), ...configMaps(more)], new Date());
        await blue.close();
        let atWork = 0;
        for (let round = 1; round <= kills; round++) {
          const writes = 1 + Math.floor(random() * mostWrites);
          // Between two writes, and within one.
          const outcome = await replayUntil(planes, folder, writes, random() * 20);
          if (outcome === "killed") atWork++;
          report(`kill ${round} after ${writes} writes: ${outcome === "killed" ? "at work" : "it had ended before"}`);
        }
        const last = await replayUntil(planes, folder);
        const again = await replayUntil(planes, folder);
        if (last === "killed" || again === "killed") throw new Error("nobody should have killed it");
        const found = await madeOnGreen(planes);
        const figures = { kills, atWork, ...last, writesAgain: again.writes, ...found };
        const none = [last.unaccounted, found.lost, found.twice, found.deleted, found.differences];
        const whole = none.every(({ length }) => length === 0) && last.total.failed === 0;
        return { holds: whole && atWork === kills && again.writes === 0, figures };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  },
};

function configMaps(count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `more-${index}`, namespace: "default" },
    data: { index: String(index) },
  }));
}

/** Runs a replay to its end, or kills it some milliseconds after so many writes. */
async function replayUntil(
  { blue, green }: Record<"blue" | "green", ControlPlane>,
  folder: string,
  writes = Number.POSITIVE_INFINITY,
  ms = 0,
): Promise<Ended | "killed"> {
  const args = ["--import", "tsx", program, blue.kubeconfigPath, green.kubeconfigPath, folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  let seen = 0;
  let ended: Ended | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("ended ")) ended = JSON.parse(line.slice(6)) as Ended;
    if (line.startsWith("wrote ") && ++seen === writes) setTimeout(() => child.kill("SIGKILL"), ms);
  }
  const [code, signal] = await exited;
  if (ended) return ended;
  if (signal === "SIGKILL") return "killed";
  throw new Error(`a replay ended with ${String(code)}`);
}

/** What green's own audit log and objects say of everything that should have arrived. */
async function madeOnGreen({ blue: from, green: to }: Record<"blue" | "green", ControlPlane>) {
  const [blue, green] = await Promise.all([open(from.kubeconfigPath), open(to.kubeconfigPath)]);
  try {
    const { resources } = await green.discover();
    const source = await readLive(blue, resources, standard.migrations);
    const { prepared } = await planReplay(source, standard, resources);
    const { differences } = await parity(prepared.departures, green, { at: "" });
    const { tried, created, deleted } = await audited(to.auditLog ?? "");
    const due = prepared.departures
      .filter(({ mergedBy }) => mergedBy === undefined)
      .map(({ resource: { resource, group }, object: { metadata } }) =>
        keyOf({ resource, apiGroup: group, ...metadata }),
      );
    return {
      due: due.length,
      // What isn't there is told by `differences`.
      lost: due.filter((key) => !created.has(key) && !tried.has(key)),
      unanswered: due.filter((key) => !created.has(key) && tried.has(key)).length,
      twice: due.filter((key) => (created.get(key) ?? 0) > 1),
      deleted: due.filter((key) => deleted.has(key)),
      differences: differences.map(({ object, kind }) => `${kind} ${object.kind} ${object.name}`),
    };
  } finally {
    await Promise.all([blue.close(), green.close()]);
  }
}

interface ObjectReference {
  resource: string;
  apiGroup?: string;
  namespace?: string;
  name?: string;
  subresource?: string;
}

interface Audited {
  /** How often the server said that it had created one. */
  created: Map<string, number>;
  /**
   * Of which a creation was asked, and its answer was another: one that exists already, or one whose client was killed while the
   * server wrote it, who is then told of no success although the object is there.
   */
  tried: Set<string>;
  deleted: Set<string>;
}

async function audited(file: string): Promise<Audited> {
  const created = new Map<string, number>();
  const tried = new Set<string>();
  const deleted = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line === "") continue;
    const { stage, verb, objectRef, responseStatus } = JSON.parse(line) as {
      stage: string;
      verb: string;
      objectRef?: ObjectReference;
      responseStatus?: { code: number };
    };
    if (stage !== "ResponseComplete" || !objectRef || objectRef.subresource) continue;
    const key = keyOf(objectRef);
    if (verb === "create" && responseStatus?.code === 201) created.set(key, (created.get(key) ?? 0) + 1);
    else if (verb === "create") tried.add(key);
    if (verb === "delete" && responseStatus?.code === 200) deleted.add(key);
  }
  return { created, tried, deleted };
}

function keyOf({ resource, apiGroup = "", namespace = "", name = "" }: ObjectReference): string {
  // A namespace's own reference names it twice.
  return `${resource}.${apiGroup} ${resource === "namespaces" ? "" : namespace}/${name}`;
}
