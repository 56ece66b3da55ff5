import { loadProduction } from "../../examples/production/load.js";
import type { Proof, Report } from "../../scripts/proofs.js";
import type { KubeWriter } from "../../src/kube/api.js";
import type { Outcome } from "../../src/model/accounting.js";
import { refKey, refOf } from "../../src/model/objects.js";
import { readLive } from "../../src/replay/live-source.js";
import { parity } from "../../src/replay/parity.js";
import type { Departure } from "../../src/replay/prepare.js";
import { type ReplayResult, type ReplaySource, replay } from "../../src/replay/replay.js";
import { standard } from "../../src/replay/standard.js";
import { applyWorkload } from "../../src/sandbox/workload.js";
import { withControlPlanes } from "../harness/control-planes.js";
import { memoryLedger } from "../replay/memory-ledger.js";
import { open } from "../replay/servers.js";
import { recorded } from "./replay/recorded.js";

const versions = { blue: "1.24.17", green: "1.35.4" } as const;

/** What replaying again wrote, each figure beside what it should be. */
export interface Again {
  arrived: number;
  /** Writes of a second replay with nothing changed: 0. */
  idleWrites: number;
  edited: number;
  /** Objects that were edited on blue and not written, and that were written without an edit: none. */
  notFollowed: string[];
  touched: string[];
  /** Differences once the edits have come over: none. */
  differences: string[];
  editedOnGreen: number;
  /** Edits on green that were not reported, and objects that were written though a person had edited them: none. */
  unreported: string[];
  overwritten: string[];
  /** Edits on green that stand though it was asked to write over them: none. */
  stubborn: string[];
}

export const proof: Proof = {
  name: "replay-again",
  summary: "Replay again: nothing changed, 0 writes; 100 edits on blue, those alone; edits on green stay unless asked.",
  async run(report) {
    return withControlPlanes(versions, report, async (planes) => {
      const [blue, green] = await Promise.all([open(planes.blue.kubeconfigPath), open(planes.green.kubeconfigPath)]);
      try {
        report("loading the workload into blue");
        await applyWorkload(blue, loadProduction(), new Date());
        const { resources } = await green.discover();
        const figures = await replayAgain(
          blue,
          green,
          () => readLive(blue, resources, standard.migrations),
          100,
          report,
        );
        return { holds: isHeld(figures), figures };
      } finally {
        await Promise.all([blue.close(), green.close()]);
      }
    });
  },
};

export function isHeld(again: Again): boolean {
  const { idleWrites, notFollowed, touched, differences, unreported, overwritten, stubborn } = again;
  const none = [notFollowed, touched, differences, unreported, overwritten, stubborn].every(
    ({ length }) => length === 0,
  );
  return idleWrites === 0 && none && again.edited > 0 && again.editedOnGreen > 0;
}

/** Replays, edits so many objects on blue and a tenth as many on green, and replays again after each. */
export async function replayAgain(
  blue: KubeWriter,
  server: KubeWriter,
  read: () => Promise<ReplaySource>,
  edits: number,
  report: Report = () => undefined,
): Promise<Again> {
  let written = new Set<string>();
  const green = recorded(server, (object) => written.add(object));
  const ledger = memoryLedger();
  const run = async (overwrite = false): Promise<ReplayResult> => {
    written = new Set();
    return replay(await read(), standard, { green, ledger, overwrite, concurrency: 16, passDelayMs: 100 });
  };
  report("the first replay");
  const first = await run();
  report("again, with nothing changed");
  const { writes: idleWrites } = await run();

  const editable = first.expected.filter(({ mergedBy }) => mergedBy === undefined);
  const chosen = spread(editable, edits);
  report(`${chosen.length} edits on blue`);
  for (const departure of chosen) await note(blue, departure, "on blue");
  const followed = await run();
  const due = new Set(chosen.map(keyOf));
  const afterEdits = [...written];
  const { differences } = await parity(followed.expected, server, { at: "", ledger });
  const ours = new Set(first.expected.map(keyOf));

  const others = editable.filter((departure) => !due.has(keyOf(departure)));
  const onGreen = spread(others, Math.max(1, Math.floor(edits / 10)));
  report(`${onGreen.length} edits on green`);
  for (const departure of onGreen) await note(server, departure, "on green");
  const reported = await run();
  const left = [...written];
  report("and over them");
  await run(true);
  return {
    arrived: first.expected.length,
    idleWrites,
    edited: chosen.length,
    notFollowed: [...due].filter((key) => !afterEdits.includes(key)),
    touched: afterEdits.filter((key) => !due.has(key)),
    differences: differences
      .filter(({ object }) => ours.has(refKey(object)))
      .map(({ object, kind }) => `${kind} ${refKey(object)}`),
    editedOnGreen: onGreen.length,
    unreported: onGreen.filter((departure) => !isReported(reported.outcomes, departure)).map(keyOf),
    overwritten: left,
    stubborn: await stillNoted(server, onGreen),
  };
}

const annotation = "acme.example/note";

async function note(server: KubeWriter, { source, object, resource }: Departure, text: string): Promise<void> {
  // On blue the object has its old name and version.
  const { resources } = await server.discover();
  const there = resources.find(({ group, kind, version }) =>
    text === "on blue"
      ? group === source.group && kind === source.kind
      : group === resource.group && kind === resource.kind && version === resource.version,
  );
  if (!there) throw new Error(`${server.name} doesn't serve ${source.kind}.${source.group}`);
  const { namespace } = object.metadata;
  const patch = { metadata: { annotations: { [annotation]: text } } };
  await server.patch(there, source.name, patch, {
    type: "merge",
    fieldManager: "kubectl-edit",
    ...(namespace && { namespace }),
  });
}

function isReported(outcomes: readonly Outcome[], { source }: Departure): boolean {
  const outcome = outcomes.find(({ object }) => refKey(object) === refKey(source));
  return outcome?.by === "differs-on-green" && outcome.reason?.includes("kubectl-edit") === true;
}

async function stillNoted(server: KubeWriter, departures: readonly Departure[]): Promise<string[]> {
  const noted: string[] = [];
  for (const { object, resource } of departures) {
    const live = await server.get(resource, object.metadata.name, object.metadata.namespace);
    if (live?.metadata.annotations?.[annotation] !== undefined) noted.push(refKey(refOf(object)));
  }
  return noted;
}

/** So many of them, evenly from all kinds. */
function spread(departures: readonly Departure[], count: number): Departure[] {
  const step = Math.max(1, departures.length / count);
  return Array.from(
    { length: Math.min(count, departures.length) },
    (_, index) => departures[Math.floor(index * step)],
  ).filter((departure) => departure !== undefined);
}

function keyOf({ object }: Departure): string {
  return refKey(refOf(object));
}
