import { filledAt, listAt } from "../model/json.js";
import { type KubeObject, type ObjectRef, refKey, refOf } from "../model/objects.js";
import { type Backing, backingOf } from "./backing.js";
import { isClaim, usersOf, type Workload } from "./users.js";

/** A claim of blue with everything that a rule may ask of it. */
export interface ClaimView {
  claim: KubeObject;
  ref: ObjectRef;
  /** Its PersistentVolume, where it is bound and blue listed that. */
  volume?: KubeObject;
  backing?: Backing;
  storageClass?: string;
  accessModes: readonly string[];
  users: readonly Workload[];
}

const classAnnotation = "volume.beta.kubernetes.io/storage-class";

/** All claims among blue's objects, by namespace and name. Pure. */
export function claimsOf(objects: readonly KubeObject[]): ClaimView[] {
  const volumes = new Map(
    objects
      .filter(({ kind, apiVersion }) => kind === "PersistentVolume" && apiVersion === "v1")
      .map((volume) => [volume.metadata.name, volume]),
  );
  const users = usersOf(objects);
  return objects
    .filter(isClaim)
    .map((claim): ClaimView => {
      const { namespace = "", name } = claim.metadata;
      const volume = volumeOf(claim, volumes);
      const storageClass = filledAt(claim, "spec", "storageClassName") ?? claim.metadata.annotations?.[classAnnotation];
      return {
        claim,
        ref: refOf(claim),
        ...(volume && { volume, backing: backingOf(volume) }),
        ...(storageClass !== undefined && { storageClass }),
        accessModes: listAt(volume ?? claim, "spec", "accessModes").map(String),
        users: users.get(`${namespace}/${name}`) ?? [],
      };
    })
    .sort((a, b) => (refKey(a.ref) < refKey(b.ref) ? -1 : 1));
}

/** By the claim's own word, else by the volume's: in definitions on disk the claim may not say it. */
function volumeOf(claim: KubeObject, volumes: ReadonlyMap<string, KubeObject>): KubeObject | undefined {
  const named = filledAt(claim, "spec", "volumeName");
  const { namespace, name } = claim.metadata;
  const found = named === undefined ? undefined : volumes.get(named);
  if (named !== undefined) return found;
  return [...volumes.values()].find(
    (volume) =>
      filledAt(volume, "spec", "claimRef", "name") === name &&
      filledAt(volume, "spec", "claimRef", "namespace") === namespace,
  );
}

/** `100Gi`, by the volume, which may be larger than what was asked for. */
export function sizeOf({ claim, volume }: Pick<ClaimView, "claim" | "volume">): string | undefined {
  return filledAt(volume, "spec", "capacity", "storage") ?? filledAt(claim, "spec", "resources", "requests", "storage");
}

const units: Readonly<Record<string, number>> = {
  "": 1 / 2 ** 30,
  Ki: 2 ** -20,
  Mi: 2 ** -10,
  Gi: 1,
  Ti: 2 ** 10,
  k: 1e3 / 2 ** 30,
  M: 1e6 / 2 ** 30,
  G: 1e9 / 2 ** 30,
  T: 1e12 / 2 ** 30,
};

/** A quantity in GiB; 0 where it is none. */
export function gibibytes(quantity: string | undefined): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|k|M|G|T)?$/.exec(quantity ?? "") ?? [];
  return number === undefined ? 0 : Number(number) * (units[unit] ?? 0);
}
