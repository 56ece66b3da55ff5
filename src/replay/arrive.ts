import { KubeError, type KubeWriter } from "../kube/api.js";
import { sameJson } from "../model/json.js";
import type { Ledger } from "../model/ledger.js";
import { type ApiResource, type KubeObject, kindKey, refKey, refOf } from "../model/objects.js";
import { jsonPointer } from "./compare.js";
import type { ManagerEntry } from "./field-managers/entries.js";
import { creatorOf, giveBack } from "./field-managers/give-back.js";
import { cameAboutOnGreen, intended, writtenOf } from "./ledger.js";
import { fieldManager, isOurs, managersOf } from "./managed-fields.js";
import { mend, merge } from "./mend.js";
import { judge, type ToleranceContext } from "./tolerances.js";

/** What was done to green for one object, and the object as green now has it. */
export interface Arrived {
  done: "created" | "updated" | "nothing";
  live: KubeObject;
}

export interface ArriveOptions {
  green: KubeWriter;
  resource: ApiResource;
  /** Goes into what green has by itself, instead of replacing it. */
  merge: boolean;
  /** Also over what somebody else wrote on green. */
  overwrite: boolean;
  /** Who should own the object's fields afterwards. */
  owners: readonly ManagerEntry[];
  /** Tells what we wrote from what somebody else did. */
  ledger: Ledger;
  context: ToleranceContext;
  signal?: AbortSignal;
}

/** Green has the object, and somebody else made it what it is there: not ours to overwrite. */
export class DiffersOnGreen extends Error {
  /** The object on green: what it owns has it for its owner all the same. */
  readonly uid: string | undefined;

  constructor(object: KubeObject, live: KubeObject, pointers: readonly string[], managers: readonly string[]) {
    const by = managers.length > 0 ? `by ${[...new Set(managers)].join(", ")}` : "not by clustershift";
    const where = pointers.length > 5 ? `${pointers.slice(0, 5).join(", ")} and ${pointers.length - 5} more` : pointers;
    super(
      `green has ${refKey(refOf(object))} already, written ${by}, and it differs at ${where}; it was left as it is`,
    );
    this.name = "DiffersOnGreen";
    this.uid = live.metadata.uid;
  }
}

const mostAttempts = 5;

/**
 * Brings one object to where it should be, with its fields in the names of those who should own them, and says whether that
 * took a write. Safe to repeat: an object that is there as it should be is left alone, whoever made it.
 *
 * @param known what green was seen to have, to save a request; undefined where it was seen to have none
 * @throws KubeError in the server's words · DiffersOnGreen
 */
export async function arrive(
  wanted: KubeObject,
  known: KubeObject | undefined,
  options: ArriveOptions,
): Promise<Arrived> {
  const { green, resource, ledger, owners, context, signal } = options;
  const { name, namespace } = wanted.metadata;
  const key = refKey(refOf(wanted));
  const write = { fieldManager, ...(signal ? { signal } : {}) };
  const settle = async (done: Arrived["done"], written: KubeObject): Promise<Arrived> => {
    const live = await giveBack(written, owners, options);
    ledger.put(key, writtenOf(wanted, live, context));
    return { done, live };
  };

  let live = known;
  for (let attempt = 1; ; attempt++) {
    try {
      if (!live) {
        ledger.put(key, intended(wanted));
        const creator = { ...write, fieldManager: creatorOf(wanted, owners) };
        return await settle("created", await green.create(resource, wanted, creator));
      }
      const target = options.merge ? merge(live, wanted) : settled(wanted, live, options);
      if (!sameJson(target, live)) return await settle("updated", await green.replace(resource, target, write));
      // An earlier replay was killed between its two writes, or after them and before it remembered.
      if (isOurs(live)) return await settle("updated", live);
      if (ledger.get(key)?.uid === "") ledger.put(key, writtenOf(wanted, live, context));
      return { done: "nothing", live };
    } catch (error) {
      // Somebody was faster: its controller, or we ourselves before a connection broke. Look, and decide anew.
      const raced = error instanceof KubeError && (error.reason === "AlreadyExists" || error.reason === "Conflict");
      if (!raced || attempt >= mostAttempts) throw error;
      live = await green.get(resource, name, namespace);
      if (!live && error.reason === "AlreadyExists") throw error;
    }
  }
}

/** What the object should be on green, given what it is: unchanged where every difference is declared. */
function settled(wanted: KubeObject, live: KubeObject, options: ArriveOptions): KubeObject {
  const { overwrite, context, owners, ledger } = options;
  const differences = judge(wanted, live, context);
  const undeclared = differences.filter(({ toleratedBy }) => toleratedBy === undefined);
  if (undeclared.length === 0) return live;

  const written = ledger.get(refKey(refOf(wanted)));
  const remembered = written !== undefined && written.uid !== "" && written.uid === live.metadata.uid;
  const others = undeclared.filter((difference) => {
    if (remembered) return cameAboutOnGreen(difference, written, { wanted, live, owners, context });
    return !isOurs(live) || managersOf(live, difference.path).some((manager) => manager !== fieldManager);
  });
  if (others.length > 0 && !overwrite) {
    const managers = others.flatMap(({ path }) => managersOf(live, path)).filter((manager) => manager !== fieldManager);
    throw new DiffersOnGreen(
      wanted,
      live,
      others.map(({ path }) => jsonPointer(path)),
      managers,
    );
  }
  const tolerated = differences.filter(({ toleratedBy }) => toleratedBy !== undefined);
  return mend(wanted, live, new Set(tolerated.map(({ path }) => jsonPointer(path))));
}

/** Workloads whose replicas an autoscaler among these objects sets. */
export function autoscaledAmong(objects: Iterable<KubeObject>): ToleranceContext {
  const targets = new Set<string>();
  for (const object of objects) {
    if (kindKey(refOf(object)) !== "HorizontalPodAutoscaler.autoscaling") continue;
    const spec = object.spec as { scaleTargetRef?: { kind?: string; name?: string } } | undefined;
    targets.add(`${object.metadata.namespace} ${spec?.scaleTargetRef?.kind} ${spec?.scaleTargetRef?.name}`);
  }
  return {
    autoscaled: ({ kind, metadata }) => targets.has(`${metadata.namespace} ${kind} ${metadata.name}`),
  };
}
