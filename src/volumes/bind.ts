import { KubeError } from "../kube/api.js";
import { filledAt } from "../model/json.js";
import type { KubeObject } from "../model/objects.js";
import { backingOf } from "./backing.js";
import {
  type Bringing,
  claims,
  type Green,
  nameOf,
  onGreen,
  Refused,
  type VolumeEdges,
  type VolumeTerms,
  volumes,
  waitFor,
} from "./edges.js";
import { greenVolume, reclaimPolicyOf } from "./green-volume.js";
import { type Bound, boundIn, roundOf, stepOf } from "./history.js";
import { lastOf, once } from "./step.js";

type BindEdges = Pick<VolumeEdges, "green" | "journal" | "clock" | "signal" | "onProgress">;

/** How long Kubernetes may take for what it does by itself, in milliseconds: binding, and deleting what nothing uses. */
const patience = 120_000;

/**
 * Gives green the PersistentVolume that its claim waits for. One that an earlier round of this run has made, of a copy that is stale by
 * now, is replaced together with the claim, since neither can be pointed at another volume.
 */
export async function bind(
  { planned, volume }: Bringing,
  handle: string,
  ebs: { id: string; zone: string } | undefined,
  round: number | string,
  { run }: Pick<VolumeTerms, "run">,
  edges: BindEdges,
): Promise<Bound> {
  const { green, journal } = edges;
  const ref = onGreen(planned);
  const claim = nameOf(ref);
  const { name } = volume.metadata;
  const bound: Bound = {
    claim,
    strategy: planned.strategy,
    volume: name,
    handle,
    reclaimPolicy: reclaimPolicyOf(volume),
  };
  const find = async (): Promise<Bound | undefined> => {
    const found = await green.get(volumes, name);
    if (!found) return undefined;
    if (backingOf(found).handle !== handle) throw new Refused(`green has another PersistentVolume ${name}`);
    const its = filledAt(found, "spec", "claimRef", "name");
    if (its === ref.name && filledAt(found, "spec", "claimRef", "namespace") === ref.namespace) return bound;
    throw new Refused(`green's PersistentVolume ${name} is of another claim, ${its ?? "none"}`);
  };
  if (typeof round === "number") await replaceStale(bound, round, edges);
  return once<Bound>(
    {
      step: stepOf(round, "bind", claim),
      what: `make green's PersistentVolume ${name} of ${handle}, for ${claim}`,
      target: `PersistentVolume ${name}`,
      after: bound,
      find,
      async make() {
        const live = await requireClaim(planned, name, green);
        const storageClass = filledAt(live, "spec", "storageClassName") ?? "";
        await green.create(volumes, greenVolume({ volume, claim: ref, storageClass, run, ...(ebs && { ebs }) }), {
          fieldManager: "clustershift",
        });
        return bound;
      },
    },
    journal,
  );
}

/**
 * Nothing tells Kubernetes's controller that a claim's volume has come: it looks every 15 seconds, and at once where the claim changes. So
 * it changes and changes back. One that can't be changed is looked at all the same.
 */
async function wake({ name, namespace }: { name: string; namespace: string }, green: Green): Promise<void> {
  const options = { namespace, type: "merge", fieldManager: "clustershift" } as const;
  for (const value of ["", null]) {
    const patch = { metadata: { annotations: { "clustershift.dev/woken": value } } };
    await green.patch(claims, name, patch, options).catch(() => undefined);
  }
}

/** Green's claim, where it can be given this volume. @throws Refused */
export async function requireClaim(
  { claim, arrivesAs }: Bringing["planned"],
  volume: string,
  green: Green,
): Promise<KubeObject> {
  const { name, namespace } = arrivesAs ?? claim;
  const live = await green.get(claims, name, namespace);
  if (!live) throw new Refused("green has no such claim: clustershift migrate brings it");
  if (live.metadata.deletionTimestamp !== undefined)
    throw new Refused("green's claim is being deleted: once it's gone, clustershift migrate brings it anew");
  const named = filledAt(live, "spec", "volumeName");
  if (named === undefined || named === volume) return live;
  throw new Refused(`green's claim is bound to another volume, ${named}: delete it there, then clustershift migrate`);
}

/** Waits until green's claims are bound to what was made for them. By claim: why one isn't. */
export async function untilBound(bound: readonly Bound[], edges: BindEdges): Promise<Map<string, string>> {
  const { green, clock } = edges;
  const states = new Map<string, string>();
  const look = async (): Promise<string[]> => {
    const left: string[] = [];
    for (const { claim, volume } of bound) {
      if (states.get(claim) === "Bound") continue;
      const [namespace = "", name = ""] = claim.split("/");
      const live = await green.get(claims, name, namespace);
      const isIts = filledAt(live, "spec", "volumeName") === volume;
      states.set(claim, isIts ? (filledAt(live, "status", "phase") ?? "Pending") : "not bound to it");
      if (states.get(claim) === "Bound") continue;
      left.push(claim);
      if (isIts) await wake({ namespace, name }, green);
    }
    return left;
  };
  const left = await waitFor("claim(s) to be bound", look, clock.now() + patience, edges);
  return new Map(left.map((claim) => [claim, `green's claim is ${states.get(claim)}`]));
}

/** Deletes green's claim and PersistentVolume of an earlier round's copy, and makes the claim anew: the copy itself is kept. */
async function replaceStale({ claim, volume, handle }: Bound, round: number, edges: BindEdges): Promise<void> {
  const { green, journal, clock } = edges;
  const [namespace = "", name = ""] = claim.split("/");
  const unbind = stepOf(round, "unbind", claim);
  const begun = lastOf(journal.entries(), unbind);
  const live = await green.get(volumes, volume);
  const isOlder = (found: KubeObject): boolean => {
    const its = backingOf(found).handle;
    return its !== handle && earlierHandles(journal, claim).has(its ?? "");
  };
  if (!begun && !(live && isOlder(live))) return;
  const recorded = journal.entries().find((entry) => entry.type === "intent" && entry.step === unbind);
  const before =
    recorded?.type === "intent"
      ? (recorded.before as { claim: KubeObject })
      : { claim: claimAnew(await green.get(claims, name, namespace), { namespace, name }, volume) };
  const isGone = async (): Promise<boolean> => {
    const found = await green.get(volumes, volume);
    return !found || !isOlder(found);
  };
  await once<{ gone: true }>(
    {
      step: unbind,
      what: `delete green's claim ${claim} and its PersistentVolume ${volume}, of a copy of an earlier round; the copy is kept`,
      target: `PersistentVolume ${volume}`,
      before,
      find: async () => ((await isGone()) ? { gone: true } : undefined),
      async make() {
        const look = async (): Promise<true[]> => ((await isGone()) ? [] : [true]);
        await green.delete(claims, name, namespace);
        await green.delete(volumes, volume);
        const left = await waitFor("PersistentVolume to go", look, clock.now() + patience, edges);
        if (left.length > 0) throw new Refused(`green's PersistentVolume ${volume} is being deleted, and doesn't go`);
        return { gone: true };
      },
    },
    journal,
  );
  await once<{ claim: string }>(
    {
      step: stepOf(round, "claim", claim),
      what: `make green's claim ${claim} anew`,
      target: `PersistentVolumeClaim ${claim}`,
      find: async () => {
        const found = await green.get(claims, name, namespace);
        return found && !found.metadata.deletionTimestamp ? { claim } : undefined;
      },
      async make() {
        await green.create(claims, before.claim, { namespace, fieldManager: "clustershift" });
        return { claim };
      },
    },
    journal,
  );
}

/** What earlier rounds gave green for this claim. */
function earlierHandles(journal: BindEdges["journal"], claim: string): Set<string> {
  const entries = journal.entries();
  const handles = new Set<string>();
  for (let round = 1; round < roundOf(entries); round++) {
    for (const bound of boundIn(entries, round))
      if (bound.claim === claim && bound.strategy === "copy") handles.add(bound.handle);
  }
  return handles;
}

/** A claim without what its server wrote, waiting for the volume by name. */
function claimAnew(
  live: KubeObject | undefined,
  { namespace, name }: { namespace: string; name: string },
  volumeName: string,
): KubeObject {
  if (!live)
    throw new KubeError(404, "NotFound", `green has no claim ${namespace}/${name}: clustershift migrate brings it`);
  const { labels, annotations = {}, ownerReferences } = live.metadata;
  const kept = Object.entries(annotations).filter(
    ([key]) =>
      !/^(pv\.kubernetes\.io\/|volume(\.beta)?\.kubernetes\.io\/(storage-provisioner|selected-node)$)/.test(key),
  );
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name,
      namespace,
      ...(labels && { labels }),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
      ...(ownerReferences && { ownerReferences }),
    },
    spec: { ...(live.spec as object), volumeName },
  };
}
