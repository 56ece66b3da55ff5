import pLimit from "p-limit";
import { KubeError, type KubeWriter } from "../../../src/kube/api.js";
import { isObject, sameJson } from "../../../src/model/json.js";
import { refKey, refOf } from "../../../src/model/objects.js";
import { autoscaledAmong } from "../../../src/replay/arrive.js";
import type { ReplayResult } from "../../../src/replay/replay.js";
import type { Original } from "./original-managers.js";
import { type Cluster, type Request, requestsOf } from "./requests.js";

/** What came of one request: the server's conflicts and words where it was refused. */
export type Outcome =
  | { ok: true; labels: string[] }
  | { ok: false; status: number; conflicts: string[]; words: string };

/** Where green didn't answer as blue did. */
export interface Differing {
  object: string;
  request: string;
  blue: Outcome;
  green: Outcome;
}

export interface FollowUps {
  objects: number;
  /** Objects that a named change made another on green, so that their old manifests can't come to the same there. */
  changedOnTheWay: number;
  /** Objects that each cluster has by itself, with owners of its own: what blue adds goes into green's. */
  merged: number;
  requests: number;
  /** Requests that only one of the two could be asked: nothing is known of those. */
  unasked: string[];
  /** Requests that blue refused for conflicts: without some of them the comparison would say little. */
  conflictsOnBlue: number;
  differing: Differing[];
}

/**
 * Asks both servers, by dry run, what would come of the next request of each object's own tool, and of a stranger who
 * applies other values for all that it has: whose conflicts name the owner of each field.
 */
export async function compareFollowUps(
  blue: KubeWriter,
  green: KubeWriter,
  { expected, outcomes, greenUids }: ReplayResult,
  originals: ReadonlyMap<string, Original>,
): Promise<FollowUps> {
  const [onBlue, onGreen] = await Promise.all(
    [blue, green].map(async (kube): Promise<Cluster> => ({ kube, resources: (await kube.discover()).resources })),
  );
  if (!onBlue || !onGreen) throw new Error("two clusters are needed");
  const { autoscaled } = autoscaledAmong(expected.map(({ object }) => object));
  const changed = new Set(outcomes.filter(({ changedBy }) => changedBy).map(({ object }) => refKey(object)));
  const result: FollowUps = {
    objects: 0,
    changedOnTheWay: 0,
    requests: 0,
    conflictsOnBlue: 0,
    unasked: [],
    differing: [],
    merged: 0,
  };
  const limit = pLimit(8);
  await Promise.all(
    expected.map((departure) =>
      limit(async () => {
        const original = originals.get(refKey(departure.source));
        if (departure.mergedBy && !original) {
          result.merged++;
          return;
        }
        if (changed.has(refKey(departure.source))) {
          result.changedOnTheWay++;
          return;
        }
        result.objects++;
        const clusters = { onBlue, onGreen, greenUids };
        for (const request of await requestsOf(departure, original, clusters, autoscaled(departure.object))) {
          const { name, send } = request;
          const [blue, green] = [await outcomeOf(onBlue, send), await outcomeOf(onGreen, send)];
          if (!blue || !green) {
            result.unasked.push(`${refKey(refOf(departure.object))}: ${name}`);
            continue;
          }
          result.requests++;
          if (!blue.ok && blue.conflicts.length > 0) result.conflictsOnBlue++;
          if (!same(blue, green, request)) {
            result.differing.push({ object: refKey(refOf(departure.object)), request: name, blue, green });
          }
        }
      }),
    ),
  );
  return result;
}

const fromControllers = /controller-uid$|job-name$/;

async function outcomeOf(cluster: Cluster, send: Request["send"]): Promise<Outcome | undefined> {
  try {
    const answer = await send(cluster);
    return (
      answer && {
        ok: true,
        labels: Object.keys(answer.metadata.labels ?? {}).filter((key) => !fromControllers.test(key)),
      }
    );
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const causes = Array.isArray(error.details.causes) ? error.details.causes : [];
    const conflicts = causes
      .filter((cause) => isObject(cause) && cause.reason === "FieldManagerConflict")
      // In which version somebody wrote is another matter on green, where that of blue may be gone.
      .map((cause) => `${/"([^"]*)"/.exec(String(cause.message))?.[1]} ${cause.field}`)
      .sort();
    return { ok: false, status: error.status, conflicts, words: error.message.slice(0, 500) };
  }
}

function same(blue: Outcome, green: Outcome, { name, renamed }: Request): boolean {
  const conflictsOf = (outcome: Outcome) =>
    (outcome.ok ? [] : outcome.conflicts).map((it) => (renamed ? it.split(" ")[0] : it));
  if (!sameJson(conflictsOf(blue), conflictsOf(green))) return false;
  // A value that is no valid one may be refused sooner by the one than by the other.
  if (name.startsWith("another value")) return true;
  if (blue.ok && green.ok) return sameJson([...blue.labels].sort(), [...green.labels].sort());
  return !blue.ok && !green.ok && blue.status === green.status;
}
